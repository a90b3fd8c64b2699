"""Subject URIs: what is written is what is read."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.errors import BadSubject
from probes.subjects import open_subject
from probes.subjects.uri import SubjectURI
from tests.probes.asking import one_line

words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
schemes = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
targets = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="?"), max_size=20)


@given(scheme=schemes, target=targets, options=st.dictionaries(words, words, max_size=4))
def test_options_come_back_as_they_were_written(scheme: str, target: str, options: dict[str, str]) -> None:
    text = f"{scheme}:{target}" + (f"?{urlencode(options)}" if options else "")
    parsed = SubjectURI.parse(text)
    assert (parsed.text, parsed.scheme, parsed.target, parsed.options) == (text, scheme, target, options)


@given(st.text(max_size=30))
def test_whatever_is_written_is_read_or_refused_in_one_line(text: str) -> None:
    try:
        parsed = SubjectURI.parse(text)
    except BadSubject as problem:
        refusal: BadSubject | None = problem
    else:
        refusal = None
        assert text.startswith(f"{parsed.scheme}:{parsed.target}")
    assert refusal is None or "subject" in str(refusal).lower()


def test_options_may_stand_unescaped_where_that_is_plain() -> None:
    parsed = SubjectURI.parse("hf:a/b c?device=cuda:0&dtype=bfloat16")
    assert (parsed.target, parsed.options) == ("a/b c", {"device": "cuda:0", "dtype": "bfloat16"})


@pytest.mark.parametrize("text", ["", "model", "models/moderation", ":x", "1a:x", "a-b:x"])
def test_without_a_scheme_the_forms_are_named(text: str) -> None:
    with pytest.raises(BadSubject) as caught:
        SubjectURI.parse(text)
    one_line(caught.value, "no scheme", "hf:", "table:")


@pytest.mark.parametrize("query", ["device", "device=", "device=cpu&device=cuda", "&", "=", "device=cpu&x"])
def test_options_that_are_not_pairs_are_refused(query: str) -> None:
    with pytest.raises(BadSubject) as caught:
        SubjectURI.parse(f"hf:x?{query}")
    one_line(caught.value, f"hf:x?{query}", "name=value")


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("huf:x", "hf"),
        ("tabel:?prediction=x", "table"),
        ("script:", "scripted"),
        ("zzzzzz:x", "hf, sklearn, table, scripted"),
    ],
)
def test_an_unknown_scheme_is_told_with_the_nearest(text: str, near: str) -> None:
    with pytest.raises(BadSubject) as caught:
        open_subject(text)
    one_line(caught.value, text.split(":")[0] + ":", near)


@pytest.mark.parametrize(
    ("text", "wrong", "near"),
    [
        ("hf:x?devise=cpu", "devise", "device"),
        ("hf:x?attn=eager", "attn", "attention"),
        ("hf:x?zzz=1", "zzz", "revision, device, dtype, attention"),
        ("table:?predictions=x", "predictions", "prediction"),
        ("table:?score=x&treshold=1", "treshold", "threshold"),
        ("scripted:?word=a:1", "word", "words"),
    ],
)
def test_an_unknown_option_is_told_with_the_nearest(text: str, wrong: str, near: str) -> None:
    with pytest.raises(BadSubject) as caught:
        open_subject(text)
    one_line(caught.value, f"option {wrong};", near)


@pytest.mark.parametrize("value", ["", "nan", "inf", "-inf", "one", "1,5", "0x1"])
def test_a_number_is_a_finite_number(value: str) -> None:
    uri = SubjectURI("table:", "table", "", {"threshold": value})
    with pytest.raises(BadSubject) as caught:
        uri.number("threshold", 0.5)
    one_line(caught.value, "threshold", "number")


def test_a_number_that_is_left_out_has_its_default() -> None:
    assert SubjectURI.parse("table:?score=x").number("threshold", 0.5) == 0.5
    assert SubjectURI.parse("table:?threshold=-2e-1").number("threshold", 0.5) == -0.2
