"""Reads word lists: those that ship, and a user's file that replaces or extends them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from audits.counterfactuals.word_lists import WordList
from probes.errors import BadPlan

LANGUAGES = ("en", "zh")
MOST_BYTES = 1_000_000


@cache
def shipped() -> tuple[WordList, ...]:
    """Our lists, one for each language."""
    return tuple(WordList.model_validate(yaml.safe_load(_own(f"{language}.yaml"))) for language in LANGUAGES)


@cache
def shipped_templates() -> dict[str, tuple[str, ...]]:
    """Our neutral sentences with one gap, by language."""
    return {language: tuple(lines) for language, lines in yaml.safe_load(_own("templates.yaml")).items()}


def word_lists(path: Path | None) -> tuple[WordList, ...]:
    """The lists that ship; an attribute that the user's file names is replaced, or extended where it says so."""
    if path is None:
        return shipped()
    own = read_list(path)
    replaced = {name for name, attribute in own.attributes.items() if not attribute.extends}
    known = {name: attribute.groups for one in shipped() for name, attribute in one.attributes.items()}
    for name, attribute in own.attributes.items():
        if attribute.extends and name not in known:
            raise BadPlan("{path}: {name} is to extend a list that does not exist", path=str(path), name=name)
    kept = []
    for one in shipped():
        left = {name: attribute for name, attribute in one.attributes.items() if name not in replaced}
        if left:
            kept.append(one.model_copy(update={"attributes": left}))
    # The user's terms come first: theirs are written where both know a word.
    return (own, *kept)


def read_list(path: Path) -> WordList:
    """A user's file. Raises BadPlan in one line that names the place in it."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadPlan("{path} is larger than a word list can be (1 MB)", path=str(path))
        raw: Any = yaml.safe_load(path.read_text("utf-8"))
    except FileNotFoundError:
        raise BadPlan("there is no word list {path}", path=str(path)) from None
    except RecursionError:
        raise BadPlan("{path} is nested too deeply for a word list", path=str(path)) from None
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        raise BadPlan(
            "{path}, line {line}: this is not YAML", path=str(path), line=str(mark.line + 1 if mark else 1)
        ) from problem
    except (OSError, ValueError) as problem:
        raise BadPlan("{path} is not a text file, so it is no word list", path=str(path)) from problem
    if not isinstance(raw, dict):
        raise BadPlan("{path} is not a word list: it has no key attributes", path=str(path))
    try:
        return WordList.model_validate(raw)
    except ValidationError as problem:
        error = problem.errors()[0]
        raise BadPlan(
            "{path}: {where}: {reason}",
            path=str(path),
            where=" > ".join(map(str, error["loc"])) or "the file",
            reason=" ".join(error["msg"].removeprefix("Value error, ").split())[:200],
        ) from problem


def _own(name: str) -> str:
    return files("audits.counterfactuals").joinpath("lists", name).read_text("utf-8")
