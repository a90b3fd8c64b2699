"""Reads a plan from YAML, a dict or a record, and checks every word of it against the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails, PydanticSerializationError

from audits.audit import Audit
from audits.catalog import catalog
from audits.plan import AuditChoice, DataPlan, Plan, Words
from probes.errors import BadPlan
from probes.nearest import nearest
from probes.record import Record
from probes.speech import Phrase

Loc = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a plan came from: turns a path inside it into words for an error."""

    source: str
    lines: Mapping[Loc, int]

    def of(self, loc: Loc) -> str:
        """The file and line of a key, or of the nearest key above it."""
        for length in range(len(loc), -1, -1):
            if loc[:length] in self.lines:
                return f"{self.source}, line {self.lines[loc[:length]]}"
        return self.source


def read_plan(plan: Plan | Mapping[str, Any] | str | Path) -> tuple[Plan, tuple[Audit, ...], Path | None]:
    """The plan, its audits with their options, and the folder that its relative paths start from.

    Raises BadPlan in one line that names the place in the file and the nearest right word.
    """
    base: Path | None = None
    if isinstance(plan, Plan):
        raw, place = plan.model_dump(mode="json"), Place("plan", {})
    elif isinstance(plan, Mapping):
        raw, place = dict(plan), Place("plan", {})
    else:
        raw, place = _read_yaml(Path(plan))
        base = Path(plan).absolute().parent
    try:
        checked = Plan.model_validate(raw)
    except ValidationError as problem:
        error = _first(problem)
        raise _bad(error, error["loc"], place, _model_at(error["loc"])) from problem
    questions = tuple(_audit(choice, i, place) for i, choice in enumerate(checked.audits))
    try:
        # As it will be read again from the run: options given in Python may hold tuples.
        return Plan.model_validate(checked.model_dump(mode="json")), questions, base
    except PydanticSerializationError as problem:
        raise BadPlan("an option in the plan cannot be written as JSON ({problem})", problem=str(problem)) from problem


def _first(problem: ValidationError) -> ErrorDetails:
    """What to tell: a word that is not known before a key that is missing, because the one is often the other."""
    errors = problem.errors()
    return next((error for error in errors if error["type"] == "extra_forbidden"), errors[0])


def _audit(choice: AuditChoice, index: int, place: Place) -> Audit:
    known = catalog()
    if choice.name not in known:
        raise BadPlan(
            "{place}: there is no audit {name}; did you mean {near}?",
            place=place.of(("audits", index)),
            name=choice.name,
            near=_nearest(choice.name, known),
        )
    cls = known[choice.name]
    try:
        return cls.model_validate(choice.options)
    except ValidationError as problem:
        error = _first(problem)
        short = ("audits", index, choice.name)
        above = short if short in place.lines else ("audits", index, "options")
        raise _bad(error, (*above, *error["loc"]), place, cls) from problem


EXPECTED = {
    "string_type": "text was expected; put it in quotes",
    "tuple_type": "a list was expected",
    "dict_type": "keys with values were expected",
    "model_type": "keys with values were expected",
}
"""What was wanted, for those of pydantic's errors that speak of Python's types."""


def _bad(error: ErrorDetails, loc: Loc, place: Place, model: type[Record] | None) -> BadPlan:
    where = place.of(loc)
    key = next((part for part in reversed(loc) if isinstance(part, str) and part != "[key]"), "plan")
    found = " ".join(repr(error["input"]).split())[:80]
    reason = Phrase(text=EXPECTED.get(error["type"], error["msg"].removeprefix("Value error, ")))
    if error["type"] == "extra_forbidden" and model is AuditChoice and key in catalog():
        return BadPlan("{place}: the options of {key} must stand below it, indented further", place=where, key=key)
    if error["type"] == "extra_forbidden" and model is not None:
        near = _nearest(key, list(model.model_fields))
        return BadPlan("{place}: unknown key {key}; did you mean {near}?", place=where, key=key, near=near)
    if error["type"] == "missing":
        return BadPlan("{place}: the key {key} is missing", place=where, key=".".join(map(str, loc)))
    if not loc and error["type"] == "value_error":
        return BadPlan("{place}: {reason}", place=where, reason=reason)
    if loc[-1:] == ("[key]",):
        return BadPlan(
            "{place}: the key {found} below {key} is no text; put it in quotes", place=where, key=key, found=found
        )
    return BadPlan("{place}: {key} is {found}: {reason}", place=where, key=key, found=found, reason=reason)


def _nearest(word: str, words: Iterable[str]) -> str:
    return nearest(word, words) or ", ".join(words)


def _model_at(loc: Loc) -> type[Record] | None:
    """The record whose key the last part of the path is."""
    parents: dict[Loc, type[Record]] = {(): Plan, ("data",): DataPlan, ("words",): Words}
    if len(loc) == 3 and loc[0] == "audits":
        return AuditChoice
    return parents.get(loc[:-1])


def _read_yaml(path: Path) -> tuple[Any, Place]:
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        raise BadPlan("there is no plan {path}", path=str(path)) from None
    except (OSError, ValueError) as problem:
        raise BadPlan("{path} is not a text file, so it is no plan", path=str(path)) from problem
    lines: dict[Loc, int] = {}
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        _walk(node, (), lines, str(path))
        raw = yaml.safe_load(text)
    except RecursionError:
        raise BadPlan("{path} is nested too deeply for a plan", path=str(path)) from None
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        raise BadPlan(
            "{path}, line {line}: this is not YAML ({problem})",
            path=str(path),
            line=str(mark.line + 1 if mark else 1),
            problem=str(getattr(problem, "problem", None) or type(problem).__name__),
        ) from problem
    if not isinstance(raw, dict):
        raise BadPlan("{path} is not a plan: it has no keys such as name, subject and data", path=str(path))
    return raw, Place(str(path), lines)


def _walk(node: Any, loc: Loc, lines: dict[Loc, int], source: str) -> None:
    """Notes the line of every key. Raises BadPlan for a key that stands twice: YAML would drop the first."""
    if node is None:
        return
    lines.setdefault(loc, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        here: set[str] = set()
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if name in here:
                raise BadPlan(
                    "{path}, line {line}: the key {key} stands here twice", path=source, line=str(line), key=name
                )
            here.add(name)
            lines[(*loc, name)] = line
            _walk(value, (*loc, name), lines, source)
    elif isinstance(node, yaml.SequenceNode):
        for i, value in enumerate(node.value):
            _walk(value, (*loc, i), lines, source)
