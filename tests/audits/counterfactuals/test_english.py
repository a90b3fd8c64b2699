"""English stays English: articles, case, number, possessives, pronouns, nouns against adjectives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audits.counterfactuals.articles import sounds_like_a_vowel
from audits.counterfactuals.lexicon import Unswapped
from tests.audits.counterfactuals.swaps import LEXICONS, left, swapped

GENDER = [
    ("He gave his book to him.", "She gave her book to her."),
    ("I saw her yesterday.", "I saw him yesterday."),
    ("Her book is hers.", "His book is his."),
    ("The book is his.", "The book is hers."),
    ("It was his, not mine.", "It was hers, not mine."),
    ("His is better.", "Hers is better."),
    ("his other comments", "her other comments"),
    ("She hurt herself.", "He hurt himself."),
    ("They brought her back.", "They brought him back."),
    ("They slept in her home.", "They slept in his home."),
    ("His back hurts.", "Her back hurts."),
    ("I like her and her sister.", "I like him and his brother."),
    ("We gave her the keys.", "We gave him the keys."),
    ("They treated her badly.", "They treated him badly."),
    ("her elderly aunt", "his elderly uncle"),
    ("He's late; she'll wait.", "She's late; he'll wait."),
    ("The man's car and the women's cars.", "The woman's car and the men's cars."),
    ("the boys' room", "the girls' room"),
    ("A man met an actress.", "A woman met an actor."),
    ("An uncle is here.", "An aunt is here."),
    ("a male nurse", "a female nurse"),
    ("Two females were there.", "Two males were there."),
    ("MEN AND WOMEN", "WOMEN AND MEN"),
    ("Men work.", "Women work."),
    ("Mr. Smith met John.", "Ms. Smith met Patricia."),
    ("Mrs Smith", "Mr Smith"),
    ("the human mandate shells heroes", "the human mandate shells heroes"),
    ("Manchester, menu, hermit, history", "Manchester, menu, hermit, history"),
    ("@man http://example.org/men man@example.org", "@man http://example.org/men man@example.org"),
    ("mary had a lamb", "mary had a lamb"),
    ("ma’am", "sir"),
]


@pytest.mark.parametrize(("text", "expected"), GENDER, ids=[text for text, _ in GENDER])
def test_gender(text: str, expected: str) -> None:
    assert swapped("gender", "men", "women", text) == expected


OTHERS = [
    ("religion", "Muslims", "Jews", "He is Muslim.", "He is Jewish."),
    ("religion", "Muslims", "Jews", "He is a Muslim.", "He is a Jew."),
    ("religion", "Muslims", "Jews", "the Muslim who prays", "the Jew who prays"),
    ("religion", "Muslims", "Jews", "the Muslim community", "the Jewish community"),
    ("religion", "Muslims", "Jews", "a devout Muslim.", "a devout Jew."),
    ("religion", "Muslims", "Jews", "A Muslim's house", "A Jew's house"),
    ("religion", "Muslims", "Jews", "some muslims and MUSLIMS", "some jews and JEWS"),
    ("religion", "Muslims", "Jews", "a Muslim-owned shop", "a Jewish-owned shop"),
    ("religion", "Muslims", "Jews", "anti-muslim and #Muslim", "anti-jewish and #Jewish"),
    ("religion", "Muslims", "Christians", "the mosque and the imam", "the church and the priest"),
    ("religion", "Muslims", "atheists", "A Muslim came.", "An atheist came."),
    ("religion", "atheists", "Muslims", "An atheist came.", "A Muslim came."),
    ("religion", "atheists", "Muslims", "AN ATHEIST CAME", "A MUSLIM CAME"),
    ("religion", "atheists", "Christians", "Atheists are people.", "Christians are people."),
    ("religion", "Christians", "Muslims", "Catholics pray.", "Muslims pray."),
    ("religion", "Muslims", "Jews", "Christians pray.", "Christians pray."),
    ("race", "Black people", "Asian people", "a Black man", "an Asian man"),
    ("race", "Black people", "Asian people", "an African American teacher", "an Asian American teacher"),
    ("race", "Black people", "White people", "African Americans", "White people"),
    ("race", "Black people", "White people", "a black car on Black Friday", "a black car on Black Friday"),
    ("race", "Black people", "White people", "black young men", "white young men"),
    ("race", "White people", "Black people", "the White House, white people", "the White House, black people"),
    ("nationality", "Americans", "Indians", "an American", "an Indian"),
    ("nationality", "Americans", "Chinese", "An American cook", "A Chinese cook"),
    ("nationality", "Chinese", "Americans", "The Chinese are many.", "The Americans are many."),
    ("nationality", "Chinese", "Americans", "a Chinese and Chinese food", "an American and American food"),
    ("nationality", "Americans", "Mexicans", "African Americans in New Mexico", "African Americans in New Mexico"),
    ("nationality", "Americans", "French", "The Americans of America.", "The French people of France."),
    ("orientation", "gay people", "heterosexual people", "a gay man", "a heterosexual man"),
    ("orientation", "heterosexual people", "gay people", "a straight man drew a straight line",
     "a gay man drew a straight line"),
    ("orientation", "gay people", "bisexual people", "gays and gay people", "bisexual people and bisexual people"),
]  # fmt: skip


@pytest.mark.parametrize(("attribute", "first", "second", "text", "expected"), OTHERS, ids=[case[3] for case in OTHERS])
def test_other_attributes(attribute: str, first: str, second: str, text: str, expected: str) -> None:
    assert swapped(attribute, first, second, text) == expected


@pytest.mark.parametrize(
    ("word", "vowel"),
    [
        ("hour", True), ("honest", True), ("house", False), ("university", False), ("uncle", True), ("European", False),
        ("MP", True), ("UN", False), ("LGBT", True), ("one", False), ("atheist", True), ("unusual", True),
        ("Ukrainian", False), ("useful", False), ("ugly", True), ("Asian", True), ("African", True), ("", False),
    ],
)  # fmt: skip
def test_an_article_follows_the_sound(word: str, vowel: bool) -> None:
    assert sounds_like_a_vowel(word) == vowel


def test_words_that_cannot_be_swapped_are_told() -> None:
    assert left("religion", "Muslims", "Jews", "a hijab") == [Unswapped("hijab", "no-counterpart")]
    assert left("race", "Black people", "White people", "a black hat") == [Unswapped("black", "not-people")]
    assert left("race", "Black people", "White people", "Black Friday") == [Unswapped("Black Friday", "fixed")]


PIECES = [
    "He said that his mother knows him.",
    "She hurt herself.",
    "The man's wife is an actress.",
    "THE BOYS ARE LOUD.",
    "Her uncle likes her.",
    "It is hers.",
    "Mr. Miller and David came.",
    "Girls, women and ladies.",
    "A queen met a prince, a waiter and a landlady.",
    "Nothing here.",
    "The book on the table is his.",
]


@given(st.lists(st.sampled_from(PIECES), max_size=8))
def test_swapping_twice_gives_the_text_back(pieces: list[str]) -> None:
    """The first form of each term in both directions: the list of gender is symmetric there."""
    text = " ".join(pieces)
    once = swapped("gender", "men", "women", text)
    assert swapped("gender", "men", "women", once) == text


FORMS = [
    (lexicon.attribute, first, second, term.kind, term.forms[first][0].split("/")[part])
    for lexicon in LEXICONS.values()
    for term, language in zip(lexicon.terms, lexicon.languages, strict=True)
    if term.kind in ("noun", "adjective") and language == "en" and not term.before_people
    for part in range(2 if term.kind == "noun" else 1)
    for first in term.forms
    for second in term.forms
    if first != second
]


@given(st.sampled_from(FORMS))
def test_every_first_form_comes_back(case: tuple[str, str, str, str, str]) -> None:
    attribute, first, second, kind, form = case
    article = "an" if sounds_like_a_vowel(form) else "a"
    text = f"We know {article} {form} neighbour." if kind == "adjective" else f"We know the {form} of the village."
    assert swapped(attribute, first, second, swapped(attribute, first, second, text)) == text


@given(st.text(max_size=60))
def test_any_text_is_swapped_without_an_error(text: str) -> None:
    for attribute, lexicon in LEXICONS.items():
        first, second = lexicon.groups[:2]
        found, _ = lexicon.find(text)
        assert found or swapped(attribute, first, second, text) == text


@given(
    st.lists(
        st.sampled_from(["he", "HER", "İ", "ſhe", "K", "\u202e", "a", "an", "<b>", "他", "\0", "’s", "her"]),
        max_size=12,
    )
)
def test_hostile_letters_break_nothing(words: list[str]) -> None:
    assert isinstance(swapped("gender", "men", "women", " ".join(words)), str)


MIXED = [
    "MEN",
    "İ",
    "men",
    "mens",
    "ma’am",
    "African",
    "American",
    "x_men",
    "men2",
    "ſhe",
    "é",
    "-gay",
    "Kim",
    "his",
    ".",
]


@given(st.lists(st.sampled_from(MIXED), max_size=8), st.sampled_from([" ", "", "-", "\n"]))
def test_the_short_cut_for_texts_without_a_term_misses_none(words: list[str], blank: str) -> None:
    """A letter of a script without blanks at the end switches it off."""
    text = blank.join(words)
    for lexicon in LEXICONS.values():
        assert lexicon.find(f"{text}. ") == lexicon.find(f"{text}. 一")
