"""Who may do what, without a browser: lists, addresses, and doors that are closed whenever something is missing."""

from __future__ import annotations

from typing import Any

import pytest
import streamlit as st
from hypothesis import given
from hypothesis import strategies as some

from audits.store.home import home
from dashboard import access, sign_in
from dashboard.access import Role, check_exposed, may_ask, may_start, role
from dashboard.access_list import AccessList, read_access_list
from probes.errors import SetupBroken

AUTH = """
[auth]
redirect_uri = "https://audits.example.org/oauth2callback"
cookie_secret = "0123456789abcdef0123456789abcdef"
client_id = "evenlight"
client_secret = "secret"
server_metadata_url = "https://login.example.org/.well-known/openid-configuration"
"""
LIST = "auditors: [auditor@example.org]\nviewers: ['@example.net']\n"


def write(auth: str | None = AUTH, listed: str | None = LIST) -> None:
    for name, text in (("secrets.toml", auth), ("access.yaml", listed)):
        if text is not None:
            (home() / name).write_text(text)


class Standing:
    """A reader in one rerun: what Streamlit would say of the server, of the request and of who is signed in."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.address: str | None = "127.0.0.1"
        self.host: str | None = "127.0.0.1:8501"
        self.user: dict[str, Any] = {}
        monkeypatch.delenv(access.SIGN_IN, raising=False)
        monkeypatch.setattr(st, "get_option", lambda name: {"server.address": self.address}[name])
        monkeypatch.setattr(st, "user", self.user)
        monkeypatch.setattr(st, "context", self)

    @property
    def headers(self) -> dict[str, str | None]:
        return {"Host": self.host}

    def signed_in(self, email: str, **claims: Any) -> None:
        self.user.update(is_logged_in=True, email=email, **claims)


@pytest.fixture
def standing(monkeypatch: pytest.MonkeyPatch) -> Standing:
    return Standing(monkeypatch)


def test_at_ones_own_machine_everything_is_allowed(standing: Standing) -> None:
    for standing.host in ("127.0.0.1:8501", "localhost", "[::1]:9000", "evenlight.localhost"):
        assert role() is Role.AUDITOR
        assert may_start()
        assert may_ask()
        assert access.reader() is None


@pytest.mark.parametrize("host", ["attacker.example.com", "192.0.2.7:8501", "", None, "[", "127.0.0.1.example.com"])
def test_another_name_for_this_machine_lets_nobody_in(standing: Standing, host: str | None) -> None:
    standing.host = host
    assert role() is None


@pytest.mark.parametrize("address", [None, "", "0.0.0.0", "::", "192.0.2.1", "nix.invalid", "::ffff:0:0"])
def test_a_dashboard_that_others_reach_is_closed_without_sign_in(standing: Standing, address: str | None) -> None:
    standing.address = address
    assert role() is None
    assert not may_start()
    assert not may_ask()


def test_sign_in_that_was_promised_and_is_not_configured_closes(
    standing: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(access.SIGN_IN, "required")
    assert role() is None


def test_sign_in_that_is_configured_and_was_not_given_to_streamlit_closes(standing: Standing) -> None:
    write()
    assert role() is None
    standing.user["is_logged_in"] = False
    assert role() is None
    standing.signed_in("auditor@example.org")
    assert role() is Role.AUDITOR


def test_secrets_that_cannot_be_read_close(standing: Standing) -> None:
    write(auth="[auth")
    standing.signed_in("auditor@example.org")
    assert role() is None


@pytest.mark.parametrize(
    ("email", "claims", "wanted"),
    [
        ("auditor@example.org", {}, Role.AUDITOR),
        ("AUDITOR@Example.ORG", {"email_verified": True}, Role.AUDITOR),
        ("auditor@example.org", {"email_verified": False}, None),
        ("auditor@example.org", {"email_verified": "false"}, None),
        ("anybody@example.net", {}, Role.VIEWER),
        ("anybody@sub.example.net", {}, None),
        ("anybody@example.net.example.com", {}, None),
        ("a@b@example.net", {}, None),
        ("@example.net", {}, None),
        ("example.net", {}, None),
        ("", {}, None),
        ("stranger@example.com", {}, None),
    ],
)
def test_roles_follow_the_list(standing: Standing, email: str, claims: dict[str, Any], wanted: Role | None) -> None:
    write()
    standing.signed_in(email, **claims)
    assert role() is wanted
    assert may_start() == may_ask() == (wanted is Role.AUDITOR)


def test_whether_viewers_may_ask_a_model_is_configured(standing: Standing) -> None:
    write(listed=LIST + "viewers_may_ask: true\n")
    standing.signed_in("anybody@example.net")
    assert may_ask()
    assert not may_start()


@pytest.mark.parametrize("listed", [None, "auditors: [", "auditor: [auditor@example.org]"])
def test_without_a_list_that_can_be_read_nobody_is_on_it(standing: Standing, listed: str | None) -> None:
    write(listed=listed)
    standing.signed_in("auditor@example.org")
    assert role() is None


def test_only_sign_in_says_who_somebody_is(standing: Standing) -> None:
    write()
    standing.user.update(email="auditor@example.org")
    assert role() is None
    standing.user.update(is_logged_in="True")
    assert role() is None


LETTERS = some.text(some.characters(exclude_characters="@", exclude_categories=("Z", "C")), min_size=1)


@given(LETTERS, LETTERS, some.sampled_from([str.upper, str.lower, str.title, str.casefold, str.swapcase]))
def test_no_letters_outside_of_ascii_stand_for_others(name: str, domain: str, change: Any) -> None:
    listed, shown = f"{name}@{domain}", change(f"{name}@{domain}")
    found = AccessList(viewers=(listed,)).role(shown)
    same = listed == shown or (listed.isascii() and shown.isascii() and listed.lower() == shown.lower())
    assert (found is Role.VIEWER) == same


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("auditor: []", "did you mean auditors?"),
        ("viewer_may_ask: true", "did you mean viewers_may_ask?"),
        ("auditors: someone@example.org", "a list was expected"),
        ("auditors: [3]", "an e-mail address or @domain was expected"),
        ("viewers: [example.org]", "neither an e-mail address nor @domain"),
        ("viewers: ['*']", "neither an e-mail address nor @domain"),
        ("- a", "keys such as auditors"),
        ("a: [", "cannot be read as YAML"),
    ],
)
def test_a_list_that_is_wrong_is_told_in_one_line(text: str, told: str) -> None:
    write(listed=text)
    with pytest.raises(SetupBroken) as problem:
        read_access_list()
    assert told in str(problem.value)
    assert "access.yaml" in str(problem.value)
    assert "\n" not in str(problem.value)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "nix.invalid", "", "127.0.0.1.example.org"])
def test_nothing_is_served_to_others_without_sign_in(host: str) -> None:
    with pytest.raises(SetupBroken, match="sign in") as problem:
        check_exposed(host)
    assert "\n" not in str(problem.value)
    write()
    assert check_exposed(host) is True


@pytest.mark.parametrize("host", ["127.0.0.1", "127.3.4.5", "::1", "localhost"])
def test_this_machine_needs_no_sign_in_unless_it_is_configured(host: str) -> None:
    assert check_exposed(host) is False
    write()
    assert check_exposed(host) is True


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("redirect_uri", "x"), "the key redirect_uri is missing"),
        (("cookie_secret", "x"), "the key cookie_secret is missing"),
        (("client_secret", "x"), "the key client_secret is missing"),
        (("0123456789abcdef0123456789abcdef", "changeme"), "cookie_secret has 8 letters"),
        (("https://audits", "http://audits"), "https"),
        (("/oauth2callback", "/callback"), "end in /oauth2callback"),
        (("[auth]", "auth = 1\n[other]"), "write a section"),
        (("[auth]", "[auth"), "cannot be read as TOML"),
    ],
)
def test_sign_in_that_could_not_work_or_be_trusted_is_told_before_serving(change: tuple[str, str], told: str) -> None:
    write(auth=AUTH.replace(*change))
    with pytest.raises(SetupBroken) as problem:
        check_exposed("127.0.0.1")
    assert told in str(problem.value)
    assert "\n" not in str(problem.value)


def test_the_callback_lies_below_the_base_path() -> None:
    write()
    with pytest.raises(SetupBroken, match="/audits/oauth2callback"):
        check_exposed("127.0.0.1", "audits")
    write(auth=AUTH.replace("/oauth2callback", "/audits/oauth2callback"))
    assert check_exposed("127.0.0.1", "/audits/")


def test_a_list_of_nobody_is_told_before_serving() -> None:
    write(listed=None)
    with pytest.raises(SetupBroken, match="lists nobody"):
        check_exposed("0.0.0.0")


def test_several_providers_can_be_named() -> None:
    shared, own = AUTH.split("client_id", 1)
    write(auth=f"{shared}[auth.corporate]\nclient_id{own}[auth.partner]\nclient_id{own}")
    assert check_exposed("0.0.0.0")
    auth = sign_in.auth_section()
    assert auth is not None
    assert sign_in.providers(auth) == ("corporate", "partner")
    write(auth=f"{shared}[auth.a_b]\nclient_id{own}")
    with pytest.raises(SetupBroken, match="underscore"):
        check_exposed("0.0.0.0")
