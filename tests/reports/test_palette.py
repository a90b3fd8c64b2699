"""Colours that everybody can read: WCAG contrast, computed; and groups that keep theirs."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from audits.findings import Verdict
from reports.formats.html import run_html
from reports.look.palette import DARK, LIGHT, THEMES, GroupColours, Theme, css_variables
from reports.look.verdicts import WORST_FIRST, icon, word
from tests.reports.sample_evidence import LABELS
from tests.reports.sample_run import sample_run

AA_TEXT, AA_GRAPHICS = 4.5, 3.0
Colour = tuple[float, float, float]


def linear(colour: str) -> Colour:
    """sRGB to linear light (IEC 61966-2-1)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return r, g, b


def luminance(light: Colour) -> float:
    return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]


def contrast(a: Colour, b: Colour) -> float:
    """WCAG 2 contrast ratio."""
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def mixed(a: str, b: str, share: float) -> Colour:
    """What color-mix(in oklab, a share, b) gives (Ottosson 2020)."""
    one, two = _oklab(linear(a)), _oklab(linear(b))
    lightness, x, y = (share * p + (1 - share) * q for p, q in zip(one, two, strict=True))
    long = (lightness + 0.3963377774 * x + 0.2158037573 * y) ** 3
    mid = (lightness - 0.1055613458 * x - 0.0638541728 * y) ** 3
    short = (lightness - 0.0894841775 * x - 1.2914855480 * y) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * mid + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * mid - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * mid + 1.7076147010 * short,
    )


def _oklab(light: Colour) -> Colour:
    r, g, b = light
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    mid = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * mid - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * mid + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * mid - 0.8086757660 * short,
    )


def test_the_measure_itself_agrees_with_the_standard() -> None:
    assert contrast(linear("#FFFFFF"), linear("#000000")) == pytest.approx(21)
    assert contrast(linear("#FFFFFF"), linear("#777777")) == pytest.approx(4.48, abs=0.01)
    assert mixed("#FFFFFF", "#000000", 1.0) == pytest.approx((1, 1, 1), abs=1e-3)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("verdict", Verdict)
def test_verdicts_are_readable_as_words_and_as_icons(theme: Theme, verdict: Verdict) -> None:
    assert contrast(linear(theme.verdicts[verdict]), linear(theme.ground)) >= AA_TEXT
    assert word(verdict).text()
    assert f"var(--{verdict.value})" in icon(verdict)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_text_is_readable_on_every_ground_it_stands_on(theme: Theme) -> None:
    for ink, ground in ((theme.ink, theme.ground), (theme.quiet, theme.ground), (theme.accent, theme.ground),
                        (theme.ink, theme.raised), (theme.quiet, theme.band)):  # fmt: skip
        assert contrast(linear(ink), linear(ground)) >= AA_TEXT, (ink, ground)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_words_stay_readable_however_strong_their_colour(theme: Theme) -> None:
    wash = float(re.search(r"--wash: (\d+)%", _page())[1]) / 100  # type: ignore[index]
    for step in range(21):
        share = step / 20
        for colour in (
            mixed(theme.towards, theme.neutral, share),
            mixed(theme.against, theme.neutral, share),
            mixed(theme.most, theme.least, share * wash),
        ):
            assert contrast(colour, linear(theme.ink)) >= AA_TEXT


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_the_sequential_map_runs_in_one_direction_with_even_steps(theme: Theme) -> None:
    lights = [_oklab(mixed(theme.most, theme.least, step / 10))[0] for step in range(11)]
    steps = [b - a for a, b in pairwise(lights)]
    assert all(step == pytest.approx(steps[0], abs=1e-3) for step in steps)
    assert contrast(linear(theme.most), linear(theme.least)) >= AA_GRAPHICS


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_a_dot_is_seen_by_its_outline_whatever_its_group(theme: Theme) -> None:
    assert contrast(linear(theme.ink), linear(theme.ground)) >= AA_GRAPHICS
    assert contrast(linear(theme.ink), linear(theme.band)) >= AA_GRAPHICS


def test_the_verdict_colours_on_white_are_the_house_colours() -> None:
    assert LIGHT.ground == "#FFFFFF"
    assert set(LIGHT.verdicts) == set(DARK.verdicts) == set(Verdict) == set(WORST_FIRST)


def test_a_group_keeps_its_colour_through_a_run_whatever_is_drawn_first() -> None:
    run = sample_run()
    colours = GroupColours.of(run.findings)
    places = [colours.place(label) for label in LABELS.values()]
    assert places == sorted(set(places), key=lambda place: place or 0)
    assert colours.place("a group of another run") is None


def test_groups_past_the_eighth_are_grey_and_not_a_repeated_colour() -> None:
    colours = GroupColours(f"group {n}" for n in range(12))
    known = [colours.colour(f"group {n}", LIGHT) for n in range(12)]
    assert len(set(known[:8])) == 8
    assert set(known[8:]) == {LIGHT.quiet}


def test_every_colour_used_in_a_stylesheet_is_defined_in_both_themes() -> None:
    page = run_html(sample_run(), show_examples=True)
    used = set(re.findall(r"var\((--[\w-]+)\)", page))
    defined = set(re.findall(r"(--[\w-]+)\s*:", page))
    assert used <= defined
    assert css_variables().count("--ground:") == len(THEMES)


def _page() -> str:
    return run_html(sample_run(), show_examples=True).partition("</style>")[0]
