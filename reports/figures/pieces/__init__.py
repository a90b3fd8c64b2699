"""The HTML, CSS and JavaScript that figures are made of, as files; the report and the dashboard share them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from probes.speech import Quantity, Sentence, say
from reports.look.wording import fragment, plain, prose, shown, untrusted, visible


def environment(package: str, folder: str) -> Environment:
    """Jinja with autoescape on; every word of ours goes through `say`, every word of theirs through `untrusted`."""
    jinja = Environment(
        loader=PackageLoader(package, folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    jinja.globals |= {"say": _say, "fragment": fragment}
    jinja.filters |= {"prose": prose, "plain": plain, "untrusted": untrusted, "visible": visible, "shown": shown}
    return jinja


@cache
def _pieces() -> Environment:
    return environment("reports.figures", "pieces")


def piece(name: str, **values: Any) -> Markup:
    """One piece, filled."""
    return Markup(_pieces().get_template(name).render(**values))  # noqa: S704 - rendered with autoescape


def stylesheet() -> str:
    """The CSS of all figures; colours come from the palette's variables."""
    return _text("figures.css")


def script() -> str:
    """The JavaScript that enhances figures where it runs; it exports nothing, so that a page can inline it."""
    return _text("figures.js")


def _text(name: str) -> str:
    return files("reports.figures.pieces").joinpath(name).read_text("utf-8")


def _say(template: str, **values: Quantity | str | int) -> Markup:
    sentence: Sentence = say(template, **values)
    return prose(sentence)
