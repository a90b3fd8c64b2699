"""Where rows come from: files, folders, the datasets library and the built-in sets, all as lazy frames."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl

from audits.data import arrow
from audits.data.reading import readable
from audits.plan import DataPlan
from probes.errors import BadData
from probes.nearest import nearest
from probes.speech import Names


def open_source(plan: DataPlan, *, base: Path | None = None, home: Path | None = None) -> pl.LazyFrame:
    """The source's rows under its own column names, all splits of it or, where it keeps them apart, the plan's."""
    scheme, colon, rest = plan.source.partition(":")
    with readable(plan.source):
        if colon and scheme == "demo":
            return pl.scan_parquet(_demo(rest, home), glob=False)
        if colon and scheme == "datasets":
            from audits.data.hub import open_dataset

            return one_frame(open_dataset(rest, base), plan)
        return one_frame(_opened(plan, base), plan)


def one_frame(opened: pl.LazyFrame | Mapping[str, pl.LazyFrame], plan: DataPlan) -> pl.LazyFrame:
    """Rows that a source keeps apart by split: the plan's split, or all of them; the split becomes a column."""
    if isinstance(opened, pl.LazyFrame):
        return opened
    parts = {name: part.with_columns(pl.lit(name).alias(plan.split_column)) for name, part in opened.items()}
    if plan.split is None:
        return pl.concat(parts.values(), how="vertical_relaxed")
    if plan.split not in parts:
        raise no_split(plan.split, list(parts), plan.source)
    return parts[plan.split]


def no_split(split: str, there: list[str], source: str) -> BadData:
    """The complaint about a split that the source does not have."""
    return BadData(
        "no split {split} in {source} (data.split in the plan); it has {splits}",
        split=split,
        source=source,
        splits=Names(texts=tuple(there), most=12),
    )


def _opened(plan: DataPlan, base: Path | None) -> pl.LazyFrame | Mapping[str, pl.LazyFrame]:
    path = (base or Path()) / Path(plan.source).expanduser()
    if path.is_dir():
        return _folder(path, plan.source)
    if not path.exists():
        raise _no_file(path, plan.source, base)
    if not path.stat().st_size:
        raise BadData("the file {source} is empty; rows under named columns are needed", source=plan.source)
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise BadData(
            "the file {source} is of no kind that can be read; save it as one of {kinds}",
            source=plan.source,
            kinds=Names(texts=tuple(READERS), most=len(READERS)),
        )
    return reader(path, plan)


def _folder(path: Path, source: str) -> pl.LazyFrame | Mapping[str, pl.LazyFrame]:
    if (opened := arrow.open_folder(path)) is not None:
        return opened
    if files := sorted(path.rglob("*.parquet")):
        return pl.scan_parquet(files, glob=False)
    raise BadData(
        "the folder {source} holds neither Parquet files nor a dataset saved to disk; name a file in it",
        source=source,
    )


def _no_file(path: Path, source: str, base: Path | None) -> BadData:
    folder = path.parent
    near = nearest(path.name, (beside.name for beside in folder.iterdir())) if folder.is_dir() else None
    if near is not None:
        return BadData(
            "no file or folder {source} (data.source in the plan); did you mean {near}?",
            source=source,
            near=str(Path(source).with_name(near)),
        )
    return BadData(
        "no file or folder {source} (data.source in the plan); relative paths start at {folder}",
        source=source,
        folder=str((base or Path()).absolute()),
    )


def _demo(name: str, home: Path | None) -> Path:
    from audits.demo.datasets import dataset

    if home is None:
        from audits.store.home import home as default_home

        home = default_home()
    return dataset(name, home)


def _csv(path: Path, plan: DataPlan) -> pl.LazyFrame:
    """Columns typed by all their values, but texts, ids and codes such as 007 stay as they are written."""
    separator = "\t" if path.suffix.lower() == ".tsv" else ","

    def scan(written: Mapping[str, type[pl.DataType]]) -> pl.LazyFrame:
        return pl.scan_csv(path, separator=separator, glob=False, infer_schema_length=None, schema_overrides=written)

    schema = scan({}).collect_schema()
    verbatim = [column for column in (*plan.input, plan.id) if column is not None and column in schema]
    codes = {plan.label, plan.split_column, *plan.protected}
    whole = [column for column, dtype in schema.items() if column in codes and dtype.is_integer()]
    if whole:
        padded = scan(dict.fromkeys(whole, pl.String)).select(pl.col(whole).str.contains(r"^[-+]?0\d").any())
        verbatim += [column for column, there in padded.collect().row(0, named=True).items() if there]
    return scan(dict.fromkeys(verbatim, pl.String)) if verbatim else scan({})


def _parquet(path: Path, _: DataPlan) -> pl.LazyFrame:
    return pl.scan_parquet(path, glob=False)


def _json_lines(path: Path, _: DataPlan) -> pl.LazyFrame:
    return pl.scan_ndjson(path, infer_schema_length=None)


def _arrow(path: Path, _: DataPlan) -> pl.LazyFrame:
    return arrow.open_file(path)


READERS: dict[str, Callable[[Path, DataPlan], pl.LazyFrame]] = {
    ".csv": _csv,
    ".tsv": _csv,
    ".parquet": _parquet,
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".arrow": _arrow,
    ".feather": _arrow,
}
"""How each kind of file is opened, by its ending."""
