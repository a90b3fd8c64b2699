"""Who may do what: everybody at their own machine; elsewhere whoever signs in and is listed, and nobody else."""

from __future__ import annotations

import logging
import os
from enum import Enum, auto
from typing import Final
from urllib.parse import urlsplit

from dashboard.access_list import AccessList, Role, access_path, read_access_list
from dashboard.sign_in import SECRETS, auth_section, check_auth, is_loopback, secrets_path
from probes.errors import EvenlightError, SetupBroken

__all__ = ["SECRETS", "SIGN_IN", "Role", "check_exposed", "gate", "may_ask", "may_start", "reader", "role"]

log = logging.getLogger(__name__)

SIGN_IN: Final = "EVENLIGHT_SIGN_IN"
"""Set by `evenlight serve` for its dashboard where sign-in is demanded."""


class Door(Enum):
    """How this dashboard lets people in."""

    OPEN = auto()
    """Only this machine reaches it, and nobody configured sign-in."""
    SIGN_IN = auto()
    CLOSED = auto()
    """Others could reach it and nobody could sign in."""


def check_exposed(host: str, base_path: str = "") -> bool:
    """Whether people will have to sign in. Raises SetupBroken where others could come in without, or nobody could."""
    auth = auth_section()
    if auth is None:
        if is_loopback(host):
            return False
        raise SetupBroken(
            "{host} can be reached from other machines and nobody would have to sign in; "
            "write an [auth] section into {path}, or serve on 127.0.0.1",
            host=host or "every address of this machine",
            path=str(secrets_path()),
        )
    check_auth(auth, base_path)
    listed = read_access_list()
    if not listed.auditors and not listed.viewers:
        raise SetupBroken(
            "{path} lists nobody, so that everybody would be refused; write auditors or viewers into it",
            path=str(access_path()),
        )
    return True


def gate() -> Role | None:
    """The reader's role. None where there is none: then the page says why, and nothing else may be drawn."""
    from dashboard import doorway

    match _door():
        case Door.OPEN:
            return Role.AUDITOR
        case Door.CLOSED:
            doorway.closed()
            return None
    if not _signed_in():
        doorway.sign_in()
        return None
    found = role()
    if found is None:
        doorway.refused(_email())
    return found


def role() -> Role | None:
    """What this reader is, by the list as it stands now; None for whoever is not signed in or not listed."""
    match _door():
        case Door.OPEN:
            return Role.AUDITOR
        case Door.CLOSED:
            return None
    return _listed().role(_email()) if _signed_in() and _verified() else None


def may_start() -> bool:
    """Whether this reader may start, cancel and repeat audits and send data; ask again in every callback."""
    return role() is Role.AUDITOR


def may_ask() -> bool:
    """Whether a model answers for text that this reader types: for auditors, and for viewers where the list says so."""
    match role():
        case Role.AUDITOR:
            return True
        case Role.VIEWER:
            return _listed().viewers_may_ask
    return False


def reader() -> str | None:
    """Who is signed in; None where nobody has to."""
    return _email() if _door() is Door.SIGN_IN and _signed_in() else None


def _door() -> Door:
    import streamlit as st

    try:
        configured = auth_section() is not None
    except EvenlightError as problem:
        log.error("%s", problem)
        return Door.CLOSED
    # Streamlit listens on every address where none is named.
    exposed = not is_loopback(st.get_option("server.address") or "")
    # Streamlit knows whether somebody is logged in only where it was given a configuration of sign-in.
    given = "is_logged_in" in st.user
    if configured or exposed or given or os.environ.get(SIGN_IN):
        return Door.SIGN_IN if given else Door.CLOSED
    # Another name for this machine comes through a proxy, or from a page of somebody else's that had its name
    # resolve to this machine (DNS rebinding).
    return Door.OPEN if _asked_here(st.context.headers.get("Host")) else Door.CLOSED


def _asked_here(host: str | None) -> bool:
    try:
        name = urlsplit(f"//{host or ''}").hostname or ""
    except ValueError:
        return False
    return is_loopback(name) or name.endswith(".localhost")


def _signed_in() -> bool:
    import streamlit as st

    return st.user.get("is_logged_in") is True


def _email() -> str:
    import streamlit as st

    return str(st.user.get("email") or "")


def _verified() -> bool:
    """Providers that say nothing are believed; one that says the address is not verified is believed too."""
    import streamlit as st

    return str(st.user.get("email_verified")).lower() != "false"


def _listed() -> AccessList:
    """The list; where it cannot be read nobody is on it."""
    try:
        return read_access_list()
    except EvenlightError as problem:
        log.error("%s", problem)
        return AccessList()
