"""The runs that the dashboard is measured on: the demo's, a table of a million rows, ten thousand explained texts."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

import audits
from audits.runs import Run
from audits.store.home import database_url
from audits.store.runs import Runs, State

DEMO: Final = "Moderation model, plain"
TABLE, TEXTS, TINY = "A table of {n:,} rows", "{n:,} explained texts", "A tiny model with random weights"

GROUPS: Final = ("north", "south", "east", "west", "abroad")
WORDS: Final = ("awful", "rude", "kind", "lovely", "the", "people", "are", "was", "never", "boss", "market", "noon")
MODEL: Final = "scripted:?words=awful:2,rude:1.5,kind:-1,lovely:-2.5&bias=-0.5"


@dataclass(frozen=True)
class Measured:
    """The runs, and what stands in for the demo where it is not there."""

    demo: Run
    table: Run
    texts: Run
    stand_in: bool


def prepare(home: Path, rows: int, texts: int) -> Measured:
    """The runs in this home; those that are there already are taken as they are."""
    demo_home = os.environ.get("EVENLIGHT_HOME")
    if not home.exists() and demo_home is not None and (Path(demo_home) / "demo" / "models").is_dir():
        shutil.copytree(demo_home, home)
    home.mkdir(parents=True, exist_ok=True)
    os.environ["EVENLIGHT_HOME"] = str(home)
    demo = _finished(DEMO)
    return Measured(
        demo or _run(tiny(home)), _run(table(home, rows)), _run(explained(home, texts)), stand_in=demo is None
    )


def _finished(name: str) -> Run | None:
    runs = Runs(database_url())
    found = (entry.id for entry in runs.entries() if entry.name == name and entry.state is State.FINISHED)
    return next((runs.load(run_id) for run_id in found), None)


def _run(plan: dict[str, object]) -> Run:
    found = _finished(str(plan["name"]))
    if found is not None:
        return found
    begun = time.perf_counter()
    run = audits.run(plan)
    print(f"{plan['name']}: audited in {time.perf_counter() - begun:.0f} s", flush=True)
    return run


def table(home: Path, rows: int) -> dict[str, object]:
    """Decisions about applicants of five regions, a little uneven."""
    path = home / f"applicants-{rows}.parquet"
    if not path.exists():
        draw = np.random.default_rng(0)
        region = draw.integers(len(GROUPS), size=rows)
        able = draw.random(rows) < 0.4
        yes = draw.random(rows) < np.where(able, 0.8, 0.15) + 0.03 * (region == 0)
        pl.DataFrame(
            {
                "applicant": np.arange(rows),
                "region": pl.Series(GROUPS)[region],
                "age": draw.integers(18, 80, size=rows),
                "income": np.round(draw.lognormal(10, 0.5, size=rows), 0),
                "decision": np.where(yes, "approved", "refused"),
                "outcome": np.where(able, "approved", "refused"),
            }
        ).write_parquet(path)
    data = {"source": str(path), "id": "applicant", "label": "outcome", "positive": "approved", "protected": ["region"]}
    return {
        "name": TABLE.format(n=rows),
        "subject": "table:?prediction=decision",
        "data": data,
        "words": {"item": "applicant", "positive": "approved", "relation": "from"},
        "audits": ["bias.group-rates", "data.profile"],
    }


def explained(home: Path, texts: int) -> dict[str, object]:
    """Short texts judged by the scripted model, all of them explained."""
    path = home / f"texts-{texts}.parquet"
    rows = _sentences(texts + texts // 5)
    if not path.exists():
        rows.write_parquet(path)
    return {
        "name": TEXTS.format(n=texts),
        "subject": MODEL,
        "data": _texts_of(path),
        "words": {"item": "comment", "positive": "flagged", "relation": "about"},
        "audits": ["bias.group-rates", {"explain.attribution": {"texts": texts, "shown": 12}}, "attention.heads"],
    }


def tiny(home: Path) -> dict[str, object]:
    """What stands in for the demo: BERT of two layers with random weights."""
    from tests.probes.tiny_models import bert

    path = home / "tiny.parquet"
    _sentences(600).write_parquet(path)
    folder = bert(home / "tiny-bert", labels=("neutral", "flagged"))
    return {
        "name": TINY,
        "subject": f"hf:{folder}?attention=eager",
        "data": _texts_of(path),
        "words": {"item": "comment", "positive": "flagged", "relation": "about"},
        "audits": ["bias.group-rates", "explain.attribution", "attention.heads", "data.profile"],
    }


def _texts_of(path: Path) -> dict[str, object]:
    return {"source": str(path), "input": "text", "label": "label", "positive": "flagged", "protected": ["group"]}


def _sentences(rows: int) -> pl.DataFrame:
    draw = np.random.default_rng(1)
    chosen = draw.integers(len(WORDS), size=(rows, 12))
    lengths = draw.integers(4, 13, size=rows)
    words = pl.Series(WORDS)
    texts = [f"{' '.join(words[picks[:n]])} {at}" for at, (picks, n) in enumerate(zip(chosen, lengths, strict=True))]
    return pl.DataFrame(
        {
            "text": texts,
            "label": pl.Series(("neutral", "flagged"))[draw.integers(2, size=rows)],
            "group": pl.Series(("women", "men", "others"))[draw.integers(3, size=rows)],
        }
    )
