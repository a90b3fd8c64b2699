"""The audited rows of a run with what was decided about each, written once as Parquet."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

import polars as pl

from audits.browse.columns import HIDDEN, BrowsedColumn, described
from audits.data import Population, canonical
from audits.data.columns import KEY, LABEL, WEIGHT, group_column
from audits.data.features import numeric
from audits.data.sampling import RANDOM
from audits.engine.bench import Bench
from audits.engine.decisions import ACTUAL, CORRECT, MARGIN, PREDICTED, PROBABILITY, SELECTED, TRUNCATED
from audits.engine.pairing import open_pair
from audits.engine.progress import Progress
from audits.runs import Run
from audits.store.home import home, store_url
from audits.store.measurements import Measurements
from probes.errors import BadData, BadSubject, NotApplicable, StoreFailed
from probes.record import Record
from probes.subjects.capabilities import Classifies, Subject, Tabular

ROW, DRAW = HIDDEN

DECIDED = (PREDICTED, PROBABILITY, MARGIN, TRUNCATED, SELECTED, ACTUAL, CORRECT)

FORMAT = 2
"""Raised when files of an older shape must be written again."""

GROUP_ROWS = 65_536
"""Rows that are read, or passed over, together."""


class Notes(Record):
    """What stands beside the rows."""

    columns: tuple[BrowsedColumn, ...]
    inputs: tuple[str, ...]
    """Columns that the model reads, in its order."""
    numeric: dict[str, bool] = {}
    """For a model of tables, whether the data holds numbers in each of them."""


def kept(run: Run, base: Path | None, progress: Progress) -> tuple[Path, Notes]:
    """The file and what is noted of it; written now where they are not there yet.

    Raises BadData or BadSubject in one line where what was audited has changed or gone.
    """
    path = home() / "browse" / f"{_name(run, base)}.parquet"
    notes = path.with_suffix(".json")
    if path.exists() and notes.exists():
        try:
            return path, Notes.model_validate_json(notes.read_bytes())
        except (OSError, ValueError):
            pass  # damaged: written again below
    subject, data = _audited(run, base)
    bench = Bench(subject, Measurements(store_url()), progress, run.plan.seed)
    inputs = data.plan.input
    return path, _write(
        _with_decisions(bench, data), path, inputs, numeric(data) if isinstance(subject, Tabular) else {}
    )


def _name(run: Run, base: Path | None) -> str:
    """What the rows depend on, as far as the run itself tells: nothing need be opened to find them again."""
    card = run.manifest.subject
    parts = [
        FORMAT,
        run.manifest.data.digest,
        run.plan.data.model_dump(mode="json"),
        str(base),
        run.plan.seed,
        (card.fingerprint, card.dtype, card.attention, card.labels),
        # Decisions that stand in the data are in no digest: each run keeps its own.
        "" if run.manifest.work.measured + run.manifest.work.reused else run.id,
    ]
    return blake2b(json.dumps(parts, sort_keys=True).encode(), digest_size=16).hexdigest()


def _audited(run: Run, base: Path | None) -> tuple[Subject, Population]:
    """The subject and the rows, if they still are what the run audited."""
    was, source = run.manifest.data, run.plan.data.source
    subject, data = open_pair(run.plan, base)
    if data.digest != was.digest:
        raise BadData(
            "the rows of {source} (relative paths start at {folder}) are not those that run {run} audited: {now} rows "
            "of digest {new}, then {rows} of {old}; put the audited file back, or run the plan again",
            source=source,
            folder=str((base or Path()).absolute()),
            run=run.id,
            now=data.size,
            new=data.digest[:8],
            rows=was.rows,
            old=was.digest[:8],
        )
    check_same(subject, run)
    return subject, data


def check_same(subject: Subject, run: Run) -> None:
    """Raises BadSubject where a model's files are no longer what they were when the run was made."""
    if subject.fingerprint != run.manifest.subject.fingerprint:
        raise BadSubject(
            "the model {uri} is not the one that run {run} audited: its fingerprint is {new} and was {old}; "
            "put that model back, or run the plan again",
            uri=subject.uri,
            run=run.id,
            new=subject.fingerprint[-8:],
            old=run.manifest.subject.fingerprint[-8:],
        )


def _with_decisions(bench: Bench, data: Population) -> pl.LazyFrame:
    """Decisions first, then the canonical columns, then the data's own."""
    subject = bench.subject
    positive = data.positive(subject.labels) if isinstance(subject, Classifies) else None
    try:
        frame = bench.decisions(data, positive)
    except NotApplicable:
        frame = data.frame  # a run that only looked at the data: there is nothing to ask
    schema = frame.collect_schema()
    canonicals = [KEY, *(name for name in DECIDED if name in schema), LABEL]
    canonicals += [*map(group_column, data.attributes), WEIGHT]
    own = [_showable(name, schema[name]) for name in schema if name not in canonicals]
    rank = canonical.hashed(pl.concat_str([pl.lit(f"{bench.seed}\n{RANDOM}\n"), pl.col(KEY)])).alias(DRAW)
    return frame.select(*canonicals, *own, rank).with_row_index(ROW)


def _showable(name: str, dtype: pl.DataType) -> pl.Expr:
    """Numbers and flags as they are; anything else as text, or lists of texts."""
    values = pl.col(name)
    if dtype.is_float():
        return values.fill_nan(None)
    if dtype.is_integer() or dtype == pl.Boolean:
        return values
    written = canonical.text(values, dtype)
    if written is None:
        written = canonical.texts(values, dtype)
    if written is None:
        written = values.bin.encode("hex") if dtype == pl.Binary else pl.struct(values).struct.json_encode()
    return written.alias(name)


def _write(frame: pl.LazyFrame, path: Path, inputs: tuple[str, ...], numbers: dict[str, bool]) -> Notes:
    """Beside, then renamed: the notes first, so that a file that is there is whole."""
    token = uuid.uuid4().hex[:8]
    beside, notes = path.with_suffix(f".{token}.part"), path.with_suffix(f".{token}.notes")
    with _told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            frame.sink_parquet(beside, compression="zstd", row_group_size=GROUP_ROWS)
            texts = [name for name in inputs if not numbers]
            columns = described(pl.scan_parquet(beside, glob=False), texts)
            noted = Notes(columns=columns, inputs=inputs, numeric=numbers)
            notes.write_text(noted.model_dump_json(), "utf-8")
            notes.replace(path.with_suffix(".json"))
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
            notes.unlink(missing_ok=True)
    return noted


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise StoreFailed(
            "the rows cannot be kept in {path} ({problem}); free some space, or set EVENLIGHT_HOME to another place",
            path=str(path),
            problem=problem.strerror or type(problem).__name__,
        ) from problem
