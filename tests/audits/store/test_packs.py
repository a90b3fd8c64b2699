"""Packs: what goes in comes out, whatever its shape and type; and damage is always seen."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from audits.store.packs import name_of, pack, unpack
from tests.audits.store.results import Result, digest, equal, result

TYPES = st.sampled_from([np.float16, np.float32, np.float64, np.int64, np.int32, np.uint8, np.bool_])


@st.composite
def packed(draw: st.DrawFn) -> dict[str, Result]:
    """Rows of one type whose arrays have equal or ragged shapes, empty ones and single numbers among them."""
    fields = []
    for _ in range(2):
        dtype, dimensions = draw(TYPES), draw(st.integers(0, 3))
        side = st.integers(0, 3)
        shape: Any = st.tuples(*[side] * dimensions)
        if draw(st.booleans()):
            shape = st.just(draw(shape))
        fields.append(arrays.arrays(dtype, shape))
    keys = draw(st.lists(st.integers(0, 2**128 - 1), min_size=1, max_size=6, unique=True))
    return {digest(key): Result(draw(fields[0]), draw(fields[1])) for key in keys}


@given(packed())
def test_results_come_out_as_they_went_in(rows: dict[str, Result]) -> None:
    found = unpack(pack(rows), Result)
    assert found.keys() == rows.keys()
    for key, row in rows.items():
        equal(row, found[key])


@given(packed(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_change_the_pack(rows: dict[str, Result], chance: Any) -> None:
    keys = list(rows)
    chance.shuffle(keys)
    assert pack({key: rows[key] for key in keys}) == pack(rows)


@given(st.integers(0), st.integers(0, 7))
def test_any_flipped_bit_changes_the_name(place: int, bit: int) -> None:
    data = bytearray(pack({digest(1): result(1.0), digest(2): result(2.0)}))
    name = name_of(bytes(data))
    data[place % len(data)] ^= 1 << bit
    assert name_of(bytes(data)) != name


def test_arrays_that_are_views_are_stored_as_they_look() -> None:
    view = np.arange(12, dtype=np.float32).reshape(3, 4).T[::2]
    found = unpack(pack({digest(1): Result(view, view[:0])}), Result)
    equal(Result(view, view[:0]), found[digest(1)])
