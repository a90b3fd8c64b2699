"""The text that is explained and the one before it: an example's own, an edited one, or one that was typed in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import cast

import streamlit as st

from audits.browse.editing import Action
from audits.browse.origin import TYPED, Origin
from audits.browse.reader import Reader
from audits.browse.rows import BrowsedRows
from dashboard import access, address
from dashboard.explain.picking import Picked
from probes.errors import BadData

Inputs = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Texts:
    """What is explained, where it comes from, and what it is compared with after an edit."""

    now: Inputs
    origin: Origin
    own: Inputs | None
    """The example's text as it stands in the data."""
    before: Inputs | None

    @property
    def of_the_data(self) -> bool:
        """Whether a row of the data is quoted, be it edited: strong language stays behind a click."""
        return self.own is not None


def texts_of(rows: BrowsedRows, choice: Picked) -> Texts:
    """As the address says.

    Raises BadData where it names a row that is not there, a text kept elsewhere, or one that this reader may not ask.
    """
    own, origin = None, TYPED
    if choice.key is not None:
        origin = replace(rows.origin(choice.key), chosen=choice.sentence)
        own = rows.inputs([choice.key])[0].inputs
    typed, before = _kept("text", len(rows.reads)), _kept("before", len(rows.reads))
    if typed is not None and not access.may_ask():
        raise BadData(
            "the model answers for the examples here and for no other text of yours; whoever runs this dashboard can "
            "allow it"
        )
    now = typed or own or ("",) * len(rows.reads)
    return Texts(now, origin, own, before or (own if typed and own != typed else None))


def show(inputs: Inputs, texts: Texts) -> None:
    """Makes this text the one that is explained, beside the one that was explained till now."""
    if inputs == texts.own:
        address.move({"text": None, "before": None})
    elif inputs != texts.now:
        before = None if texts.now == texts.own else texts.now
        address.move({"text": _addressed(inputs), "before": _addressed(before) if before and any(before) else None})


def edit(reader: Reader, texts: Texts, act: dict[str, str]) -> None:
    """Does to a word what was chosen in its menu."""
    place = int(act["value"]) if act["value"].isdecimal() else -1
    show(reader.edited(texts.now, place, cast(Action, act["how"]), act["text"]), texts)


def _addressed(inputs: Inputs) -> list[str]:
    """The texts themselves where an address can carry them; else a mark, and this session keeps them."""
    if sum(map(len, inputs)) <= address.LONGEST:
        return [text or _EMPTY for text in inputs]
    mark = blake2b("\0".join(inputs).encode(), digest_size=8).hexdigest()
    st.session_state.setdefault("long-texts", {})[mark] = inputs
    return [f"{_MARK}{mark}"]


_MARK = "long:"

_EMPTY = "\u2205"
"""The sign for an empty set: an address has no room for nothing."""


def _kept(name: str, many: int) -> Inputs | None:
    said = address.asked_all(name)
    if not said:
        return None
    if len(said) == 1 and said[0].startswith(_MARK):
        kept = st.session_state.get("long-texts", {}).get(said[0].removeprefix(_MARK))
        if kept is None:
            raise BadData("the text of this address was too long to be in it; paste it again, or choose an example")
        return cast(Inputs, kept)
    if len(said) != many:
        raise BadData(
            "the address holds {n} texts, and the model reads {many}; choose an example", n=len(said), many=many
        )
    return tuple(text.replace("\r\n", "\n").removeprefix(_EMPTY) for text in said)
