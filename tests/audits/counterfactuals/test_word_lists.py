"""A user's lists replace or extend ours; what is wrong in them is one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from audits.counterfactuals.contrasts import from_templates
from audits.counterfactuals.lexicon import lexicons
from audits.counterfactuals.list_files import shipped, shipped_templates, word_lists
from audits.counterfactuals.swapping import swap
from probes.errors import BadPlan
from tests.audits.counterfactuals.swaps import LEXICONS

OWN = """
attributes:
  age:
    groups: [young people, old people]
    terms:
      - noun: {young people: youngster/youngsters, old people: elder/elders}
      - adjective: {young people: young, old people: old}
  religion:
    extends: true
    groups: [Muslims, Sikhs]
    terms:
      - noun: {Muslims: Muslim/Muslims, Sikhs: Sikh/Sikhs}
  gender:
    groups: [fathers, mothers]
    terms:
      - noun: {fathers: father/fathers, mothers: mother/mothers}
"""


def test_a_file_adds_extends_and_replaces(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(OWN, "utf-8")
    known = lexicons(word_lists(path))
    assert known["age"].groups == ("young people", "old people")
    assert known["religion"].groups[:2] == ("Muslims", "Sikhs")
    assert "Jews" in known["religion"].groups
    assert known["gender"].groups == ("fathers", "mothers")
    text = "An old man met a Muslim."
    age, religion = known["age"], known["religion"]
    assert swap(text, age.find(text)[0], age, "old people", "young people").text == "A young man met a Muslim."
    assert swap(text, religion.find(text)[0], religion, "Muslims", "Sikhs").text == "An old man met a Sikh."


BROKEN = {
    "[]": "is not a word list",
    "attributes: {}": "attributes",
    "attributes: {a: {groups: [x], terms: []}}": "attributes > a > groups",
    "attributes: {a: {groups: [x, x], terms: [{word: {x: b}}]}}": "named twice",
    "attributes: {a: {groups: [x, y], terms: [{word: {z: b}}]}}": "none of the groups",
    "attributes: {a: {groups: [x, y], terms: [{noun: {x: man, y: woman}}]}}": "is not singular/plural",
    "attributes: {a: {groups: [x, y], terms: [{pronouns: {x: he/him}}]}}": "subject/object",
    "attributes: {a: {groups: [x, y], terms: [{names: {x: [A, B], y: [C]}}]}}": "same number",
    "attributes: {a: {groups: [x, y], terms: [{word: {x: ''}}]}}": "is not one form",
    "attributes: {a: {groups: [x, y], terms: [{word: {x: []}}]}}": "empty list",
    "attributes: {a: {groups: [x, y], terms: [{word: {x: b}, noun: {x: b/c}}]}}": "noun and word",
    "attributes: {a: {groups: [x, y], terms: [{verb: {x: b}}]}}": "terms > 0 > verb",
    "attributes: {a: {extends: true, groups: [x, y], terms: [{word: {x: b}}]}}": "does not exist",
    "attributes: [": "line 1",
    "words: 3": "attributes",
    "[" * 20000: "",
}


@pytest.mark.parametrize("text", BROKEN, ids=lambda text: text[:60])
def test_a_broken_file_is_one_line(text: str, tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(BadPlan) as caught:
        word_lists(path)
    assert BROKEN[text] in str(caught.value)
    assert "\n" not in str(caught.value)


def test_no_file_and_no_text_are_one_line(tmp_path: Path) -> None:
    with pytest.raises(BadPlan, match="There is no word list"):
        word_lists(tmp_path / "none.yaml")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(BadPlan, match="is not a text file"):
        word_lists(tmp_path / "bytes")
    with pytest.raises(BadPlan, match="is not a text file"):
        word_lists(tmp_path)


def test_a_word_of_two_groups_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("attributes: {a: {groups: [x, y], terms: [{word: {x: b}}, {word: {y: B}}]}}", "utf-8")
    with pytest.raises(BadPlan, match="a word tells one group"):
        lexicons(word_lists(path))


def test_our_lists_have_every_attribute_in_both_languages() -> None:
    names = {"gender", "religion", "nationality", "orientation", "race"}
    for one in shipped():
        assert set(one.attributes) == names
    for one in shipped()[1:]:
        assert {name: part.groups for name, part in one.attributes.items()} == {
            name: part.groups for name, part in shipped()[0].attributes.items()
        }


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("attribute", sorted(LEXICONS))
def test_templates_are_sentences_about_every_group(attribute: str, language: str) -> None:
    lexicon = LEXICONS[attribute]
    material = from_templates(shipped_templates(), lexicon, [language])
    assert material.units == 60
    assert len(material.contrasts) == 60 * len(lexicon.groups) * (len(lexicon.groups) - 1) // 2
    texts = {side.inputs[0] for one in material.contrasts for side in (one.before, one.after)}
    assert not any("{" in text for text in texts)
    assert not any(
        f" {wrong} " in text for text in texts for wrong in ("a atheist", "a Asian", "an Muslim", "a American")
    )
    # No template names a group by itself: in what is not filled in, the lists find nothing.
    for template in shipped_templates()[language]:
        assert lexicon.find(template.replace("{", "").replace("}", ""))[0] == []
