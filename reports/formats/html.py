"""One self-contained HTML file that opens offline and fetches nothing."""

from __future__ import annotations

import json
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from itertools import count

from jinja2 import Environment
from markupsafe import Markup

from audits.audit import Area
from audits.manifest import Manifest
from audits.runs import Run
from probes.speech import Count, Duration, Names, Number
from reports.figures.drawing import Drawing
from reports.figures.pieces import environment, script, stylesheet
from reports.figures.table import table_html
from reports.formats import renders
from reports.formats.contents import Report, Section
from reports.look.palette import THEMES, css_variables
from reports.look.verdicts import WORST_FIRST, counted, icon, word
from reports.look.wording import fragment, prose, shown, untrusted

POLICY = "default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""No picture, no frame, no connection; of scripts only those whose hashes are named."""


@renders("html", suffix=".html")
def run_html(run: Run, show_examples: bool = False, live: bool = True) -> str:
    """The report as one page; example texts stand behind a click, also on paper, unless `show_examples`.

    Without `live` it holds no script, as pages need it that let none in: its charts stand still.
    """
    page = _Page()
    body = (
        _environment()
        .get_template("report.html")
        .render(
            report=Report(run),
            areas=tuple(Area),
            verdicts=WORST_FIRST,
            show_examples=show_examples,
            chart_data=page.chart_data if live else None,
        )
    )
    scripts = page.scripts() if live else []
    return (
        _environment()
        .get_template("page.html")
        .render(
            title=run.plan.name,
            policy=POLICY.format(scripts=" ".join(f"'{_digest(text)}'" for text in scripts) or "'none'"),
            styles=Markup(f"{css_variables()}{stylesheet()}{reading_css()}{_own('report.css')}"),  # noqa: S704 - files of ours
            body=Markup(body),  # noqa: S704 - rendered with autoescape
            scripts=[Markup(text) for text in scripts],  # noqa: S704 - files of ours and plotly's
        )
    )


def finding_body(section: Section, show_examples: bool = False) -> Markup:
    """A finding's drawings, notes, method and settings, as the dashboard opens them in place; charts stand still."""
    template = _environment().get_template("finding_body.html")
    body = template.render(section=section, show_examples=show_examples, chart_data=None)
    return Markup(body)  # noqa: S704 - rendered with autoescape


def reading_css() -> str:
    """How findings read, wherever they stand."""
    return _own("reading.css")


class _Page:
    """Collects what the page's scripts must know while its body is drawn."""

    def __init__(self) -> None:
        self._charts = count(1)
        self._any_chart = False

    def chart_data(self, drawing: Drawing) -> Markup:
        """The plotly figure for each ground, as inert JSON that cannot close its own element."""
        assert drawing.chart is not None
        self._any_chart = True
        figures = {theme.name: json.loads(drawing.chart(theme).to_json()) for theme in THEMES}
        text = json.dumps(figures, ensure_ascii=True, separators=(",", ":"))
        for letter in "<>&":
            text = text.replace(letter, f"\\u{ord(letter):04x}")
        return Markup(text)  # noqa: S704 - no letter is left that HTML could read

    def scripts(self) -> list[str]:
        """Every script of the page, in order; plotly only where there is a chart."""
        ours = f"{script()}{_own('report.js')}"
        return [_plotly(), ours] if self._any_chart else [ours]


def _digest(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()


@cache
def _plotly() -> str:
    from plotly.offline import get_plotlyjs

    return str(get_plotlyjs())


def _own(name: str) -> str:
    return files("reports.formats").joinpath("templates", name).read_text("utf-8")


@cache
def _environment() -> Environment:
    jinja = environment("reports.formats", "templates")
    jinja.globals |= {
        "icon": icon,
        "word": word,
        "counted": counted,
        "names": lambda texts: Names(texts=tuple(texts)),
        "count": lambda n: shown(Count(value=n)),
        "duration": lambda seconds: shown(Duration(seconds=seconds)),
        "energy": _energy,
        "table_html": table_html,
        "digest": lambda text: Markup('<code class="digest">{}</code>').format(untrusted(text)),
    }
    return jinja


def _energy(manifest: Manifest) -> str | Markup:
    if manifest.energy_joules is not None:
        return shown(Number(value=manifest.energy_joules / 1000, digits=3, unit="kJ"))
    return prose(manifest.energy_reason) if manifest.energy_reason else fragment("not measured")
