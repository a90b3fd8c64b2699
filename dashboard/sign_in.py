"""How people sign in: the [auth] section of Streamlit's secrets, in the home, checked before anything is served."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from audits.store.home import home
from probes.errors import SetupBroken

SECRETS: Final = "secrets.toml"
"""In the home: Streamlit's secrets, of which `[auth]` configures sign-in."""

PROVIDER_KEYS: Final = ("client_id", "client_secret", "server_metadata_url")
CALLBACK: Final = "oauth2callback"
LEAST_SECRET: Final = 32
"""Letters of the cookie secret: who guesses it signs in as anybody."""


def secrets_path() -> Path:
    """Where the secrets are, whether or not there are any."""
    return home() / SECRETS


def auth_section() -> Mapping[str, Any] | None:
    """What `[auth]` says; None where there is none. Raises SetupBroken where the file cannot be read."""
    path = secrets_path()
    try:
        found = tomllib.loads(path.read_text("utf-8")).get("auth")
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as problem:
        raise SetupBroken("{path} cannot be read as TOML ({reason})", path=str(path), reason=str(problem)) from problem
    if found is not None and not isinstance(found, dict):
        raise SetupBroken("auth in {path} is a single value; write a section [auth]", path=str(path))
    return found


def providers(auth: Mapping[str, Any]) -> tuple[str, ...]:
    """The named providers of `[auth.NAME]`; empty where `[auth]` itself is the only one."""
    return tuple(name for name, value in auth.items() if isinstance(value, Mapping) and "client_id" in value)


def check_auth(auth: Mapping[str, Any], base_path: str = "") -> None:
    """Raises SetupBroken in one line where nobody could sign in, or somebody could forge it."""
    path = str(secrets_path())
    for key in ("redirect_uri", "cookie_secret"):
        if not isinstance(auth.get(key), str) or not auth[key]:
            raise SetupBroken("{path}: the key {key} is missing in [auth]", path=path, key=key)
    if len(auth["cookie_secret"]) < LEAST_SECRET:
        raise SetupBroken(
            "{path}: cookie_secret has {n} letters; at least {least} that nobody can guess are needed",
            path=path,
            n=len(auth["cookie_secret"]),
            least=LEAST_SECRET,
        )
    named: dict[str, Mapping[str, Any]] = {name: auth[name] for name in providers(auth)}
    for name, section in (named or {"": auth}).items():
        _check_provider(name, section, path)
    _check_redirect(auth["redirect_uri"], base_path, path)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the host; an empty one means every address of the machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _check_provider(name: str, section: Mapping[str, Any], path: str) -> None:
    place = f"[auth.{name}]" if name else "[auth]"
    if "_" in name:
        raise SetupBroken(
            "{path}: Streamlit knows no provider with an underscore in its name; rename {place}", path=path, place=place
        )
    for key in PROVIDER_KEYS:
        if not isinstance(section.get(key), str) or not section[key]:
            raise SetupBroken("{path}: the key {key} is missing in {place}", path=path, key=key, place=place)


def _check_redirect(address: str, base_path: str, path: str) -> None:
    parts = urlsplit(address)
    wanted = "/".join(filter(None, ("", *base_path.strip("/").split("/"), CALLBACK)))
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path != f"/{wanted}":
        raise SetupBroken(
            "{path}: redirect_uri is {found}; it must be the address in the reader's browser, and end in {wanted}",
            path=path,
            found=address,
            wanted=f"/{wanted}",
        )
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise SetupBroken(
            "{path}: redirect_uri is {found}, where everybody on the way could read who signs in; "
            "serve through a proxy with https",
            path=path,
            found=address,
        )
