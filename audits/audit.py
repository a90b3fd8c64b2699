"""What an audit is: options as fields and one method; registered by its decorator."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar

from audits.evidence import Test
from audits.findings import Finding
from probes.record import Record

if TYPE_CHECKING:
    from audits.data.population import Population
    from audits.engine.bench import Bench
    from audits.passes import Passes
    from probes.subjects.capabilities import Subject


class Area(StrEnum):
    """Where a finding stands on the scorecard."""

    FAIRNESS = "Fairness"
    EXPLANATIONS = "Explanations"
    DATA = "Data"


class Pending(Protocol):
    """A finding whose verdict depends on a correction over the run's family of tests.

    An audit yields it; the closing step (audits/statistics/families.py) corrects over every pending
    finding of the same family in the run and asks it to close.
    """

    @property
    def family(self) -> str:
        """Tests of one family are corrected together, whichever audit yielded them."""

    @property
    def tests(self) -> Sequence[Test]:
        """The tests that decide, uncorrected."""

    def close(self, tests: Sequence[Test]) -> Finding:
        """The finding, given the same tests with `adjusted` and `family` filled in."""


class Audit(Record, ABC):
    """A question about a model; its fields are its options, described once for every door."""

    name: ClassVar[str]
    area: ClassVar[Area]
    needs: ClassVar[tuple[type, ...]]

    @abstractmethod
    def run(self, bench: Bench, data: Population) -> Iterator[Finding | Pending]:
        """Measure through the bench, then judge. Raises NotApplicable where the question cannot be asked."""

    def passes(self, rows: int, subject: Subject | None) -> tuple[Passes, ...]:
        """What it will measure on so many rows, as far as that can be told; nothing for an audit that only counts.

        The subject is None while it is not open yet.
        """
        return ()

    def settings(self) -> dict[str, Any]:
        """The options as they stand, for the finding and the report."""
        return self.model_dump(mode="json")


A = TypeVar("A", bound=type[Audit])

_registered: dict[str, type[Audit]] = {}


def audit(name: str, *, area: Area, needs: tuple[type, ...] = ()) -> Callable[[A], A]:
    """Registers an audit under its name; `needs` are capability protocols that the subject must satisfy."""

    def register(cls: A) -> A:
        cls.name, cls.area, cls.needs = name, area, needs
        _registered[name] = cls
        return cls

    return register


def registered() -> dict[str, type[Audit]]:
    """Every audit registered so far, by name."""
    return dict(sorted(_registered.items()))
