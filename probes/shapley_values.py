"""What every column of a row adds to the model's score: Shapley values against a background."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from pydantic import Field, computed_field

from probes.example import Example
from probes.probe import Probe, Steps
from probes.requests import Background, Shapley
from probes.subjects.capabilities import Classifies, Tabular

if TYPE_CHECKING:
    from jaxtyping import Float


@dataclass(frozen=True, slots=True)
class ColumnShares:
    """Signed contributions of a row's columns to the score of one class, on the scale that the subject explains on."""

    values: Float[np.ndarray, "column"]
    base: Float[np.ndarray, ""]
    """The mean score over the background: what the contributions start from."""
    output: Float[np.ndarray, ""]
    """The model's own score of the row: what they should end at."""


class ShapleyValues(Probe[ColumnShares]):
    """A column's mean effect over all orders in which columns could become known (Lundberg and Lee 2017).

    Interventional: a column that is not known yet takes the background's values, whatever the known ones hold. Cells
    may then stand beside each other that no real row has.
    """

    version: ClassVar[int] = 1
    result: ClassVar[type] = ColumnShares
    needs: ClassVar[tuple[type, ...]] = (Classifies, Tabular)

    rows: tuple[tuple[str, ...], ...] = Field(
        min_length=1, exclude=True, repr=False, description="The background's rows, in the order of the columns."
    )
    target: int = Field(ge=0, description="Class to explain.")
    seed: int = Field(0, ge=0, description="Random orders follow from it and from the row's cells.")

    @computed_field(description="Digest of the background's rows, which stands for them in the key of stored results.")  # type: ignore[prop-decorator]
    @property
    def background(self) -> str:
        """Digest of the rows; people's data is not written into a key."""
        return Background(self.rows).digest

    def measure(self, example: Example) -> Steps[ColumnShares]:
        """One request: all coalitions are the subject's affair, which knows its short cuts."""
        (found,) = yield [Shapley(example, self.target, self._shared, self.seed)]
        return ColumnShares(
            values=found.values.astype(np.float64), base=np.array(found.base), output=np.array(found.output)
        )

    @property
    def _shared(self) -> Background:
        return Background(self.rows)
