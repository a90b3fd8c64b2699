"""A plan is read or refused in one line that names the place in the file and the nearest right word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from audits.catalog import catalog
from audits.plan import AuditChoice, Plan
from audits.plan_file import read_plan
from probes.errors import BadPlan

GOOD = """\
name: a first look
subject: "scripted:"
data:
  source: rows.csv
  input: text
  protected: [group, gender]
words: {item: comment}
audits:
  - bias.group-rates:
      tolerance: 0.05
  - name: explain.attribution
    options:
      texts: 7
  - data.profile
"""

AUDITS = GOOD[GOOD.index("audits:") :]
DATA = GOOD[GOOD.index("data:") : GOOD.index("words:")]

BAD: dict[str, tuple[str, str, str]] = {
    "a key": ("subject:", "sbject:", r"plan.yaml, line 2: unknown key sbject; did you mean subject\?"),
    "a key of data": ("  input:", "  imput:", r"plan.yaml, line 5: unknown key imput; did you mean input\?"),
    "a key of words": ("{item:", "{itm:", r"plan.yaml, line 7: unknown key itm; did you mean item\?"),
    "an audit": ("bias.group-rates", "bias.group-rate",
                 r"line 9: there is no audit bias.group-rate; did you mean bias.group-rates\?"),
    "another audit": ("- data.profile", "- data.prophile",
                      r"line 14: there is no audit data.prophile; did you mean data.profile\?"),
    "an option": ("tolerance", "tolerence", r"line 10: unknown key tolerence; did you mean tolerance\?"),
    "an option in the long form": ("texts: 7", "text: 7", r"line 13: unknown key text; did you mean texts\?"),
    "a number that is none": ("0.05", "much", "line 10: tolerance is 'much': .*number"),
    "a number out of range": ("0.05", "7", "line 10: tolerance is 7: .*less than or equal to 1"),
    "not a number": ("0.05", ".nan", "line 10: tolerance is nan: .*finite"),
    "a text that is a number": ("name: a first look", "name: 7", "line 1: name is 7: text was expected"),
    "keys that are a text": (DATA, "data: rows.csv\n", "line 3: data is 'rows.csv': keys with values were expected"),
    "a missing key": ("name: a first look\n", "", "line 1: the key name is missing"),
    "a missing key of data": ("  source: rows.csv\n", "", "line 3: the key data.source is missing"),
    "options beside their audit": ("      tolerance", "    tolerance",
                                  "line 9: the options of bias.group-rates must stand below it"),
    "an attribute twice": ("[group, gender]", "[group, group]", "a protected attribute is named twice"),
    "no audits": (AUDITS, "audits: []\n", "line 8: audits is .*at least 1"),
    "audits that are no list": (AUDITS, "audits: data.profile\n", "line 8: audits is .*a list was expected"),
    "a key twice": ("name: a first look\n", "name: one\nname: two\n", "line 2: the key name stands here twice"),
    "a key that is a number": ("{item: comment}", "{groups: {1: men}}", "line 7: the key 1 below groups is no text"),
    "broken YAML": ("[group, gender]", "[group, gender", "line 7: this is not YAML"),
    "a tab": ("  input:", "\tinput:", "line 5: this is not YAML"),
    "code": ("a first look", "!!python/object/apply:os.getcwd []", "line 1: this is not YAML"),
    "a list": (GOOD, "- name\n- subject\n", "is not a plan: it has no keys"),
    "nothing": (GOOD, "", "is not a plan: it has no keys"),
    "itself": ("{item: comment}", "&words {groups: *words}", "nested too deeply"),
    "a well": (GOOD, "[" * 1500, "nested too deeply"),
}  # fmt: skip


def written(folder: Path, text: str) -> Path:
    path = folder / "plan.yaml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("name", BAD)
def test_a_plan_that_is_wrong_is_refused_in_one_line_that_names_the_place(name: str, tmp_path: Path) -> None:
    old, new, message = BAD[name]
    assert old in GOOD
    with pytest.raises(BadPlan, match=message) as caught:
        read_plan(written(tmp_path, GOOD.replace(old, new, 1)))
    assert "\n" not in str(caught.value)
    assert "plan.yaml" in str(caught.value)


def test_every_misspelling_of_every_key_is_met_with_the_right_word(tmp_path: Path) -> None:
    for key in Plan.model_fields:
        plan = yaml.safe_load(GOOD)
        plan.pop(key, None)
        plan[f"{key}x"] = "anything"
        with pytest.raises(BadPlan, match=f"unknown key {key}x; did you mean {key}?"):
            read_plan(written(tmp_path, yaml.safe_dump(plan)))


@pytest.mark.parametrize("where", ["nothing", "folder", "bytes"])
def test_what_is_no_plan_file_is_told_in_one_line(where: str, tmp_path: Path) -> None:
    path = tmp_path / where
    if where == "folder":
        path.mkdir()
    elif where == "bytes":
        path.write_bytes(b"\xff\xfe\x00\x9d")
    with pytest.raises(BadPlan, match=str(path)) as caught:
        read_plan(path)
    assert "\n" not in str(caught.value)


def test_a_good_plan_gives_its_audits_their_options_and_the_folder_its_paths_start_from(tmp_path: Path) -> None:
    plan, questions, base = read_plan(written(tmp_path, GOOD))
    assert base == tmp_path
    assert [question.name for question in questions] == ["bias.group-rates", "explain.attribution", "data.profile"]
    assert questions[0].settings()["tolerance"] == 0.05
    assert questions[1].settings()["texts"] == 7
    assert plan.data.input == ("text",)
    assert plan.data.protected == ("group", "gender")


def test_a_file_a_dict_and_a_record_are_the_same_plan(tmp_path: Path) -> None:
    from_file, questions, _ = read_plan(written(tmp_path, GOOD))
    from_dict, others, base = read_plan(yaml.safe_load(GOOD))
    from_record, same, _ = read_plan(from_file)
    assert from_file == from_dict == from_record
    assert questions == others == same
    assert base is None


def test_a_dict_is_refused_as_a_file_is() -> None:
    plan: dict[str, Any] = yaml.safe_load(GOOD)
    with pytest.raises(BadPlan, match="unknown key sede; did you mean seed"):
        read_plan({**plan, "sede": 1})
    with pytest.raises(BadPlan, match="cannot be written as JSON"):
        read_plan({**plan, "audits": [{"bias.group-rates": {"tolerance": np.float32(0.5)}}]})


def test_the_short_forms_of_an_audit_mean_the_long_one() -> None:
    long = AuditChoice(name="data.profile", options={})
    assert AuditChoice.model_validate("data.profile") == long
    assert AuditChoice.model_validate({"data.profile": None}) == long
    assert AuditChoice.model_validate({"data.profile": {}}) == long


@pytest.mark.parametrize("name", sorted(catalog()))
def test_an_unknown_option_of_any_audit_names_those_it_has(name: str, tmp_path: Path) -> None:
    plan = yaml.safe_load(GOOD)
    plan["audits"] = [{name: {"qqqq": 1}}]
    with pytest.raises(BadPlan, match="unknown key qqqq; did you mean"):
        read_plan(written(tmp_path, yaml.safe_dump(plan)))
