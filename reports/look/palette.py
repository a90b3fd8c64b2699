"""Colours, fonts and the plotly template, in one place for every page and figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audits.evidence import GroupRates, PairTests, Spreads
from audits.findings import Finding, Verdict
from audits.score_evidence import Curves, ScoreHistograms

if TYPE_CHECKING:
    import plotly.graph_objects as go

SANS = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, sans-serif"
MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', 'Noto Sans Mono', monospace"


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of one ground; the dark one has its own maps, not inverted ones."""

    name: str
    ground: str
    raised: str
    """Behind tables' heads, settings and quotations."""
    ink: str
    quiet: str
    """Second-rank text: axis titles, hints."""
    line: str
    grid: str
    accent: str
    band: str
    """The tolerance band."""
    verdicts: Mapping[Verdict, str]
    groups: tuple[str, ...]
    """Okabe-Ito; black becomes white on dark ground."""
    against: str
    neutral: str
    towards: str
    """Attribution: for the answer."""
    least: str
    most: str
    """Ends of the sequential map; between them colours are mixed in OKLab, which is perceptually even."""

    @property
    def variables(self) -> dict[str, str]:
        """The colours as CSS custom properties."""
        plain = ("ground", "raised", "ink", "quiet", "line", "grid", "accent", "band")
        maps = ("against", "neutral", "towards", "least", "most")
        return {
            **{f"--{name}": getattr(self, name) for name in (*plain, *maps)},
            **{f"--{verdict.value}": colour for verdict, colour in self.verdicts.items()},
            **{f"--group-{place}": colour for place, colour in enumerate(self.groups)},
            "--group-none": self.quiet,
        }


LIGHT = Theme(
    name="light",
    ground="#FFFFFF",
    raised="#F6F7F9",
    ink="#1B1F26",
    quiet="#56606E",
    line="#D5DAE1",
    grid="#E8EBEF",
    accent="#1F5FA8",
    band="#E9F0E9",
    verdicts={
        Verdict.PASS: "#2E7D4F",
        Verdict.CONCERN: "#8A5A00",
        Verdict.FAIL: "#C2410C",
        Verdict.INSUFFICIENT: "#52606F",
        Verdict.NOT_APPLICABLE: "#6B7480",
        Verdict.ERROR: "#7C3AED",
    },
    groups=("#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#F0E442", "#000000"),
    against="#7FB2E5",
    neutral="#F5F5F3",
    towards="#F0A35E",
    least="#F1F4F8",
    most="#0B3C78",
)

DARK = Theme(
    name="dark",
    ground="#14171C",
    raised="#1C2027",
    ink="#E6E9ED",
    quiet="#A3ADB9",
    line="#3A424D",
    grid="#262C35",
    accent="#8DBBF0",
    band="#1E2C26",
    verdicts={
        Verdict.PASS: "#6FCF97",
        Verdict.CONCERN: "#E0B050",
        Verdict.FAIL: "#FF9466",
        Verdict.INSUFFICIENT: "#A9B4C0",
        Verdict.NOT_APPLICABLE: "#98A3AF",
        Verdict.ERROR: "#B79CFF",
    },
    groups=("#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#F0E442", "#FFFFFF"),
    against="#2A5F9E",
    neutral="#262B33",
    towards="#96500E",
    least="#1C2939",
    most="#9CCBFF",
)

THEMES = (LIGHT, DARK)


def css_variables() -> str:
    """Both themes as CSS; the reader's system chooses, and paper is always light."""

    def block(theme: Theme) -> str:
        return "".join(f"{name}:{value};" for name, value in theme.variables.items())

    fonts = f"--sans:{SANS};--mono:{MONO};"
    dark = f"@media screen and (prefers-color-scheme: dark){{:root{{{block(DARK)}}}}}"
    return f":root{{color-scheme:light dark;{fonts}{block(LIGHT)}}}\n{dark}\n"


def scheme_variables(where: str) -> str:
    """Both themes as CSS for elements inside a page of somebody else's, which says by `color-scheme` which it is in."""
    pairs = ((name, colour, DARK.variables[name]) for name, colour in LIGHT.variables.items())
    colours = "".join(f"{name}:light-dark({light},{dark});" for name, light, dark in pairs)
    return f"{where}{{--sans:{SANS};--mono:{MONO};{colours}}}\n"


class GroupColours:
    """One colour for each group, the same in every figure of a run; groups past the eighth are grey."""

    def __init__(self, labels: Iterable[str] = ()) -> None:
        self._place = {label: place for place, label in enumerate(dict.fromkeys(labels))}

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> GroupColours:
        """In the order in which the run's findings first name the groups."""
        return cls(label for finding in findings for label in _group_labels(finding))

    def place(self, label: str) -> int | None:
        """The group's place in the palette; None is grey."""
        place = self._place.get(label)
        return place if place is not None and place < len(LIGHT.groups) else None

    def variable(self, label: str | None) -> str:
        """The group's colour as a CSS value that follows the reader's theme."""
        place = None if label is None else self.place(label)
        return "var(--group-none)" if place is None else f"var(--group-{place})"

    def colour(self, label: str | None, theme: Theme) -> str:
        """The group's colour on one ground, for plotly."""
        place = None if label is None else self.place(label)
        return theme.quiet if place is None else theme.groups[place]


def _group_labels(finding: Finding) -> Iterable[str]:
    for evidence in finding.evidence:
        match evidence:
            case GroupRates() | Spreads():
                yield from (group.label for group in evidence.groups)
            case Curves():
                yield from (curve.label for curve in evidence.curves)
            case ScoreHistograms():
                yield from (group.label for group in evidence.groups)
            case PairTests():
                yield from (label for pair in evidence.pairs for label in (pair.first, pair.second))
            case _:
                continue


def template(theme: Theme) -> go.layout.Template:
    """The plotly template: fonts, margins, grid and colours that every chart shares."""
    import plotly.graph_objects as go

    axis = {
        "gridcolor": theme.grid,
        "linecolor": theme.line,
        "tickcolor": theme.line,
        "zeroline": False,
        "ticks": "",
        "tickfont": {"color": theme.ink, "size": 14},
        "title": {"font": {"color": theme.quiet, "size": 14}, "standoff": 14},
    }
    return go.layout.Template(
        layout={
            "font": {"family": SANS, "size": 14, "color": theme.ink},
            "paper_bgcolor": theme.ground,
            "plot_bgcolor": theme.ground,
            "colorway": theme.groups,
            "margin": {"l": 16, "r": 16, "t": 40, "b": 56},
            "showlegend": False,
            "dragmode": False,
            "hovermode": "closest",
            "hoverlabel": {
                "bgcolor": theme.raised,
                "bordercolor": theme.line,
                "font": {"color": theme.ink, "family": SANS, "size": 14},
                "align": "left",
                "namelength": -1,
            },
            "xaxis": axis,
            "yaxis": axis,
        }
    )
