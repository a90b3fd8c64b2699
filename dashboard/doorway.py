"""What stands before the dashboard: signing in, being refused, and who is signed in."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import stage
from dashboard.access_list import ACCESS
from dashboard.sign_in import SECRETS, providers
from probes.speech import Sentence, say


def sign_in() -> None:
    """The page that asks to sign in."""
    _page(say("Evenlight"), say("Sign in to see the audits here."), ways=providers(_auth()) or ("",))


def refused(email: str) -> None:
    """The page for somebody who is signed in and not listed."""
    said = (
        say("You are signed in as {email}, and this address is not on the list of those who may look.", email=email)
        if email
        else say("You are signed in, and your provider tells no e-mail address, by which people are listed here.")
    )
    hint = say("Ask whoever runs this dashboard to add you to {file}; then load this page again.", file=ACCESS)
    _page(say("No access"), said, hint, signed_in=True)


def closed() -> None:
    """The page where others could reach the dashboard and nobody could sign in."""
    hint = say(
        "Whoever runs it can start it with evenlight serve, which listens on this machine alone, "
        "or set up sign-in with an [auth] section in {file}.",
        file=SECRETS,
    )
    _page(say("Closed"), say("This dashboard can be reached from elsewhere, and no sign-in is set up."), hint)


def who(email: str) -> None:
    """Who is signed in, and the way out."""
    stage.show(stage.filled("who.html", email=email), key="who", on_act=_act)


def _page(
    title: Sentence, said: Sentence, hint: Sentence | None = None, ways: tuple[str, ...] = (), signed_in: bool = False
) -> None:
    page = stage.filled("doorway.html", title=title, said=said, hint=hint, ways=ways, signed_in=signed_in)
    stage.show(page, key="doorway", on_act=_act)


def _act(act: stage.Act) -> None:
    if act["act"] == "sign-out":
        st.logout()
    elif act["act"] == "sign-in":
        # Only what the configuration names: the value comes from a browser.
        st.login(act["value"] if act["value"] in providers(_auth()) else None)


def _auth() -> Any:
    return st.secrets["auth"]
