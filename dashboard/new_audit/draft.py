"""The plan while it is being written: kept for the session, since a half-made plan is nothing to link to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import streamlit as st
import yaml

from audits.plan import DataPlan, Plan, Words
from audits.runs import Run

STARTS_WITH: Final = ("bias.group-rates", "data.profile")
"""Audits that a new plan names."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan that need not be whole; `edition` counts the times it was filled in otherwise than by its widgets."""

    name: str = ""
    subject: str = ""
    data: DataPlan = field(default_factory=lambda: DataPlan(source=""))
    words: Words = field(default_factory=Words)
    seed: int = 0
    trust: bool = False
    """Only taken over from a run: the page does not offer to run code of a checkpoint."""
    audits: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: {name: {} for name in STARTS_WITH})
    """Audit -> options other than its own."""
    base: Path | None = None
    """Where relative paths start; where the dashboard was started if None."""
    sent: str = ""
    """The name under which the data was sent through the browser."""
    by_hand: bool = False
    """Whether somebody has said what the columns mean, so that guesses no longer replace it."""
    guessed: tuple[str, ...] = ()
    """The source and the classes that the columns' meaning was last guessed for."""
    of: str = ""
    """The run that it began from, as the address names it."""
    edition: int = 0

    def key(self, name: str) -> str:
        """The key of a widget; after the draft was filled in, widgets begin again from what it says."""
        return f"new-{self.edition}-{name}"

    @property
    def folder(self) -> Path:
        """Where relative paths start."""
        return self.base or Path.cwd()

    def plan(self) -> dict[str, Any]:
        """The plan as YAML has it: no more than what differs from what is meant without it."""
        data = self.data.model_dump(mode="json", exclude_defaults=True)
        words = self.words.model_dump(mode="json", exclude_defaults=True)
        plan: dict[str, Any] = {"name": self.name, "subject": self.subject, "data": {**data}}
        if words:
            plan["words"] = words
        if self.seed:
            plan["seed"] = self.seed
        if self.trust:
            plan["trust"] = True
        plan["audits"] = [{name: _plain(options)} if options else name for name, options in self.audits.items()]
        return plan

    def yaml(self) -> str:
        """The plan as the command line takes it."""
        return yaml.safe_dump(self.plan(), sort_keys=False, allow_unicode=True, default_flow_style=None, width=100)


def draft() -> Draft:
    """The plan as it stands."""
    kept = st.session_state.get("draft")
    return kept if isinstance(kept, Draft) else Draft()


def write(**changes: Any) -> Draft:
    """Notes what a widget says."""
    st.session_state["draft"] = changed = replace(draft(), **changes)
    return changed


def fill(**changes: Any) -> Draft:
    """Fills in what no widget said; the widgets show it."""
    return write(**changes, edition=draft().edition + 1)


def begin(new: Draft) -> None:
    """Another plan in place of the one that was being written."""
    st.session_state["draft"] = replace(new, edition=draft().edition + 1)


def of_run(run: Run, base: Path | None, named: str = "") -> Draft:
    """A finished run's plan, to be changed and run again."""
    plan: Plan = run.plan
    return Draft(
        name=plan.name,
        subject=plan.subject,
        data=plan.data,
        words=plan.words,
        seed=plan.seed,
        trust=plan.trust,
        audits={choice.name: choice.options for choice in plan.audits},
        base=base,
        by_hand=True,
        of=named or run.id,
    )


def _plain(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options as YAML knows them: it has lists and no tuples."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in options.items()}
