"""Names of the columns that every audited row has, whatever the data calls its own."""

from __future__ import annotations

from typing import Final

KEY: Final = "@key"
"""Text that names a row, unique among the audited rows."""

LABEL: Final = "@label"
"""The true answer as text, a list of texts where an example has several; null where it is not recorded."""

WEIGHT: Final = "@weight"
"""Sampling weight; 1 where the plan names no weights."""

TIMES: Final = "@times"
"""How many rows a row stands for, where rows were counted beforehand."""

MISSING: Final = "(not recorded)"
"""The group of those whose attribute is null, NaN or empty: a group of its own, never dropped."""


def group_column(attribute: str) -> str:
    """The column that holds the groups of a protected attribute as text."""
    return f"@group.{attribute}"
