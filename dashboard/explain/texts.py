"""The text that is explained and the one before it: an example's own, an edited one, or one that was typed in."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import cast

import streamlit as st

from audits.browse.editing import Action
from audits.browse.origin import TYPED, Origin, group_name
from audits.browse.reader import Reader
from audits.browse.rows import BrowsedRows
from audits.data.columns import LABEL, group_column
from audits.runs import Run
from dashboard import address
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


def texts_of(run: Run, rows: BrowsedRows, choice: Picked) -> Texts:
    """As the address says. Raises BadData where it names a row that is not there, or a text kept elsewhere."""
    own, origin = None, TYPED
    if choice.key is not None:
        own = rows.inputs([choice.key])[0].inputs if _is_there(rows, choice.key) else None
        origin = _origin(run, rows.one(choice.key), choice)
    typed, before = _kept("text"), _kept("before")
    now = typed or own or ("",) * len(run.plan.data.input)
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


def _is_there(rows: BrowsedRows, key: str) -> bool:
    return bool(rows.one(key))


def _origin(run: Run, row: dict[str, object], choice: Picked) -> Origin:
    label = row.get(LABEL)
    groups = {name: str(row[group_column(name)]) for name in run.plan.data.protected}
    return Origin(
        key=choice.key or "",
        chosen=choice.sentence,
        actual=", ".join(map(str, label)) if isinstance(label, list) else None if label is None else str(label),
        groups={name: group_name(run.plan.words, value) for name, value in groups.items()},
    )


def _addressed(inputs: Inputs) -> list[str]:
    """The texts themselves where an address can carry them; else a mark, and this session keeps them."""
    if sum(map(len, inputs)) <= address.LONGEST:
        # An empty text would be taken for none; a blank is no word either.
        return [text or " " for text in inputs]
    mark = blake2b("\0".join(inputs).encode(), digest_size=8).hexdigest()
    st.session_state.setdefault("long-texts", {})[mark] = inputs
    return [f"{_MARK}{mark}"]


_MARK = "long:"


def _kept(name: str) -> Inputs | None:
    said = address.asked_all(name)
    if not said:
        return None
    if len(said) == 1 and said[0].startswith(_MARK):
        kept = st.session_state.get("long-texts", {}).get(said[0].removeprefix(_MARK))
        if kept is None:
            raise BadData("the text of this address was too long to be in it; paste it again, or choose an example")
        return cast(Inputs, kept)
    return tuple(text.replace("\r\n", "\n") for text in said)
