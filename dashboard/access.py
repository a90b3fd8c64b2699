"""Who may see the dashboard: everybody on this machine, and nobody else unless they sign in."""

from __future__ import annotations

import tomllib
from ipaddress import ip_address

from audits.store.home import home
from probes.errors import SetupBroken

SECRETS = "secrets.toml"
"""In the home: Streamlit's secrets, of which `[auth]` configures sign-in."""


def check_exposed(host: str) -> None:
    """Raises SetupBroken where others could reach the dashboard and nobody has to sign in."""
    if _is_loopback(host):
        return
    path = home() / SECRETS
    try:
        configured = "auth" in tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        configured = False
    except (OSError, ValueError) as problem:
        raise SetupBroken("{path} cannot be read as TOML ({reason})", path=str(path), reason=str(problem)) from problem
    if not configured:
        raise SetupBroken(
            "{host} can be reached from other machines and nobody would have to sign in; "
            "write an [auth] section into {path}, or serve on 127.0.0.1",
            host=host,
            path=str(path),
        )


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
