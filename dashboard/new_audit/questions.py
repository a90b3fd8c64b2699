"""Which audits are made, with which options; those that the model cannot answer say why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from audits.audit import Area, Audit
from audits.catalog import catalog
from audits.plan_file import read_plan
from dashboard.fields import seed, shown_option
from dashboard.labels import inert
from dashboard.new_audit.draft import Draft, write
from dashboard.new_audit.subject import Found
from dashboard.new_audit.telling import heading, told
from probes.errors import EvenlightError
from probes.speech import Sentence, reader, say


def choose(kept: Draft, model: Found | None) -> Draft:
    """The section: every audit there is, by area, with a form made from its fields."""
    chosen: dict[str, Mapping[str, Any]] = {}
    known = catalog()
    for area in Area:
        here = {name: audit for name, audit in known.items() if audit.area is area}
        if here:
            heading(say(area.value), f"area-{area.name}", level=3)
        for name, audit in here.items():
            options = _one(kept, name, audit, model.lacks.get(name) if model else None)
            if options is not None:
                chosen[name] = options
    # In the order of the plan that it came from, new ones last.
    order = [*[name for name in kept.audits if name in chosen], *[name for name in chosen if name not in kept.audits]]
    ordered = {name: chosen[name] for name in order}
    return write(audits=ordered) if list(ordered.items()) != list(kept.audits.items()) else kept


def problem_of(name: str, options: Mapping[str, Any]) -> Sentence | None:
    """What a plan's reader would say of an audit's options."""
    try:
        read_plan({"name": name, "subject": "-", "data": {"source": "-"}, "audits": [{name: dict(options)}]})
    except EvenlightError as problem:
        return problem.sentence
    return None


def _one(kept: Draft, name: str, audit: type[Audit], lack: Sentence | None) -> Mapping[str, Any] | None:
    """Its options other than its own where it is chosen, None where it is not."""
    before = kept.audits.get(name)
    with st.container(border=True, key=f"audit-{name.replace('.', '-')}"):
        box = kept.key(f"audit-{name}")
        if lack is not None:
            st.checkbox(inert(name), value=False, key=f"{box}-not", disabled=True)
            st.caption(inert(str(lack)))
            return None
        ticked = st.checkbox(inert(name), key=seed(box, before is not None))
        st.caption(inert(_question(audit)))
        if not ticked:
            return None
        options = _options(kept, name, audit, before or {})
        if (problem := problem_of(name, options)) is not None:
            told(problem, f"audit-{name}")
        return options


def _options(kept: Draft, name: str, audit: type[Audit], before: Mapping[str, Any]) -> dict[str, Any]:
    fields = audit.model_fields
    if not fields:
        return {}
    changed: dict[str, Any] = {}
    with st.expander(str(say("Options"))):
        places = st.columns(min(3, len(fields)))
        for at, (option, field) in enumerate(fields.items()):
            usual = field.get_default(call_default_factory=True)
            with places[at % len(places)]:
                value = shown_option(
                    option,
                    field,
                    before.get(option, usual),
                    kept.key(f"{name}-{option}"),
                    {"attribute": kept.data.protected},
                )
            if value != usual:
                changed[option] = list(value) if isinstance(value, tuple) else value
    return changed


def _question(audit: type[Audit]) -> str:
    return reader().gettext(next(iter((audit.__doc__ or "").splitlines()), ""))
