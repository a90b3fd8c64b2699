"""One option of an audit as the widget that fits its type; what it means stands beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import streamlit as st
import yaml
from annotated_types import Ge, Gt, Le, Lt
from pydantic.fields import FieldInfo

from dashboard.labels import inert
from probes.speech import say


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the largest value that an option may have, where it says so."""

    low: float | None = None
    high: float | None = None


def shown_option(
    name: str, field: FieldInfo, value: Any, key: str, choices: Mapping[str, Sequence[str]] | None = None
) -> Any:
    """Draws the option and answers with what stands in it now; `choices` offers names for options that take one."""
    label, told = words(name), field.description or ""
    plain, optional = _plain(field.annotation)
    offered = list((choices or {}).get(name, ()))
    if get_origin(plain) is Literal:
        return _selectbox(label, list(get_args(plain)), value, key, told, optional)
    if plain is bool and not optional:
        seed(key, bool(value))
        return st.checkbox(inert(label), key=key, help=inert(told))
    if plain in (int, float):
        return _number(label, field, plain, value, key, told)
    if plain is str and optional and offered:
        return _selectbox(label, offered, value, key, told, optional)
    if plain is str:
        seed(key, "" if value is None else str(value))
        text = st.text_input(inert(label), key=key, help=inert(told))
        return (text or "").strip() or (None if optional else "")
    if get_origin(plain) is tuple and get_args(plain)[1:] == (Ellipsis,):
        return _several(label, get_args(plain)[0], value, key, told, offered)
    return _yaml(label, value, key, told)


def seed(key: str, value: Any, options: Sequence[Any] | None = None) -> str:
    """What a widget holds when it is first drawn, and again once its choices no longer have what it holds."""
    if key not in st.session_state or (options is not None and st.session_state[key] not in options):
        st.session_state[key] = value
    return key


def words(name: str) -> str:
    """An option's name as people read it: smallest_group is "Smallest group"."""
    spaced = name.replace("_", " ").strip()
    return spaced[:1].upper() + spaced[1:]


def bounds(field: FieldInfo, whole: bool) -> Bounds:
    """What the field's own checks allow; a number box knows no open ends, so those are left to the check."""
    low: Any = None
    high: Any = None
    for rule in field.metadata:
        match rule:
            case Ge():
                low = rule.ge
            case Gt():
                least: Any = rule.gt
                low = least + 1 if whole else least
            case Le():
                high = rule.le
            case Lt():
                most: Any = rule.lt
                high = most - 1 if whole else most
    return Bounds(low, high)


def _plain(annotation: Any) -> tuple[Any, bool]:
    """The type without None, and whether None was allowed; other unions stay what they are."""
    if get_origin(annotation) in (Union, UnionType):
        kinds = [kind for kind in get_args(annotation) if kind is not NoneType]
        if len(kinds) == 1:
            return kinds[0], True
    return annotation, False


def _number(label: str, field: FieldInfo, kind: type, value: Any, key: str, told: str) -> Any:
    allowed = bounds(field, kind is int)

    def typed(number: float | None) -> Any:
        return None if number is None else kind(number)

    seed(key, typed(value))
    return st.number_input(
        inert(label),
        min_value=typed(allowed.low),
        max_value=typed(allowed.high),
        value=None,
        step=1 if kind is int else 0.01,
        format="%d" if kind is int else "%g",
        key=key,
        help=inert(told),
    )


def _selectbox(label: str, options: list[Any], value: Any, key: str, told: str, optional: bool) -> Any:
    if value is not None and value not in options:
        options = [*options, value]
    seed(key, value, [*options, *([None] if optional else [])])
    return st.selectbox(
        inert(label),
        options,
        index=None if optional else 0,
        placeholder=str(say("Left out")),
        key=key,
        help=inert(told),
    )


def _several(label: str, kind: Any, value: Any, key: str, told: str, offered: list[str]) -> Any:
    chosen = list(value or ())
    if get_origin(kind) is Literal:
        seed(key, chosen)
        return tuple(st.multiselect(inert(label), list(get_args(kind)), key=key, help=inert(told), wrap=True))
    if kind is str:
        options = list(dict.fromkeys([*offered, *chosen]))
        seed(key, chosen)
        return tuple(st.multiselect(inert(label), options, key=key, help=inert(told), accept_new_options=True))
    return _yaml(label, chosen, key, told)


def _yaml(label: str, value: Any, key: str, told: str) -> Any:
    """Whatever has no widget of its own is written as in a plan; what is not YAML stays text and fails its check."""
    written = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True).removesuffix("...\n").strip()
    seed(key, written)
    text = st.text_input(inert(label), key=key, help=inert(told)) or ""
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return text
