"""Reports: a finished run becomes a document. `write(run, "report.html")` is the whole of it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

from probes.errors import EvenlightError
from probes.speech import Names

if TYPE_CHECKING:
    from audits.runs import Run
    from reports.formats import Format

__all__ = ["CannotWrite", "check", "write"]


class CannotWrite(EvenlightError):
    """A report cannot be written as asked: the format is unknown or the place does not take a file."""


def write(run: Run, path: str | os.PathLike[str], format: str | None = None) -> Path:
    """Writes a run as a document; the format follows from the suffix where it is not named. Returns the path.

    The file appears whole or not at all: it is written beside its place and renamed.
    """
    place = Path(path)
    chosen = check(place, format)
    _replace(place, chosen.render(run))
    return place


def check(path: str | os.PathLike[str], format: str | None = None) -> Format:
    """The format that a path would be written in. Raises CannotWrite, before hours of work rather than after."""
    place = Path(path)
    chosen = _format(place, format)
    if place.is_dir():
        example = str(place / f"report{chosen.suffix}")
        raise CannotWrite("{path} is a folder; name a file in it, such as {example}", path=str(place), example=example)
    if not place.parent.is_dir():
        raise CannotWrite("there is no folder {folder}; make it, or choose another place", folder=str(place.parent))
    return chosen


def _format(place: Path, name: str | None) -> Format:
    from reports.formats import formats

    known = formats()
    if name is not None:
        if name not in known:
            raise CannotWrite("there is no format {name}; there are {known}", name=name, known=_names(known))
        return known[name]
    for candidate in known.values():
        if place.suffix.lower() == candidate.suffix:
            return candidate
    raise CannotWrite(
        "the suffix of {path} names no format; end it in {suffixes}, or name the format: {known}",
        path=str(place),
        suffixes=_names(candidate.suffix for candidate in known.values()),
        known=_names(known),
    )


def _names(names: Iterable[str]) -> Names:
    return Names(texts=tuple(names), most=20)


def _replace(place: Path, text: str) -> None:
    beside: Path | None = None
    try:
        with NamedTemporaryFile(
            "w", encoding="utf-8", newline="\n", dir=place.parent, prefix=f".{place.name[:40]}.", delete=False
        ) as file:
            beside = Path(file.name)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        # The temporary file is private; a report is as readable as any file that this user makes.
        mask = os.umask(0)
        os.umask(mask)
        beside.chmod(0o666 & ~mask)
        beside.replace(place)
    except OSError as error:
        raise CannotWrite(
            "{path} could not be written: {reason}", path=str(place), reason=error.strerror or str(error)
        ) from error
    finally:
        if beside is not None:
            beside.unlink(missing_ok=True)
