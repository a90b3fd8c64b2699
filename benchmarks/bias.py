"""How fast groups are compared: against fairlearn's own bootstrap and a bootstrap of rows in NumPy.

python -m benchmarks.bias            10^4 to 10^8 rows, some minutes
python -m benchmarks.bias --quick    10^4 to 10^6 rows
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

GROUPS: Final = tuple(f"group {at}" for at in range(10))
METRICS: Final = ("selection-rate", "accuracy", "true-positive-rate", "false-positive-rate", "precision", "f1")
REPLICATES: Final = 1_000
PATIENCE: Final = 120.0
"""Seconds that a peer may take for all replicates; where it would take longer, one replicate is made of fewer."""
PART: Final = 5_000_000
AIMS: Final = {10**7: 0.5, 10**8: 5.0}
FASTER: Final = 10_000
MOST_MEMORY: Final = 1000


@dataclass(frozen=True, slots=True)
class Figures:
    """What one contestant took on one table."""

    seconds: float
    """All rates, intervals and verdicts; for peers without verdicts, the rates and all replicates."""
    replicate: float
    """Processor seconds of one, with one thread: other work on the machine does not change the ratios."""
    megabytes: float
    busy: float
    """Processor seconds of all cores in the same time: what is left of it when nobody else uses them."""
    measured: int
    """Replicates that were really made."""


def main() -> None:
    """Prints one line a size and the aims."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="up to 10^6 rows, peers for 10 seconds")
    parser.add_argument("--one", nargs=2, metavar=("WHO", "FILE"), help=argparse.SUPPRESS)
    parser.add_argument("--patience", type=float, default=PATIENCE, help="seconds that a peer may take")
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(CONTESTANTS[asked.one[0]](Path(asked.one[1]), asked.patience)))
        return
    sizes = [10**power for power in range(4, 7 if asked.quick else 9)]
    patience = min(asked.patience, 10.0) if asked.quick else asked.patience
    print(f"{len(METRICS)} metrics x {len(GROUPS)} groups, {REPLICATES:,} replicates, {os.cpu_count()} processors\n")
    print(
        "| rows | who | seconds | processor seconds | a replicate (processor) | replicates made | peak memory "
        "| ours is faster, per replicate |"
    )
    print("| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        aims = [aim for rows in sizes for aim in _size(Path(folder), rows, patience)]
    print("\n" + "\n".join(aims))


def _size(folder: Path, rows: int, patience: float) -> list[str]:
    path = written(folder, rows)
    ours = _apart("evenlight", path, patience)
    if ours is None:
        raise SystemExit("Evenlight did not finish")
    _line(rows, "Evenlight", ours, ours)
    told = [_told(f"{rows:,} rows in at most {AIMS[rows]} s", ours.seconds, AIMS[rows])] if rows in AIMS else []
    if rows in AIMS:
        told.append(f"{rows:,} rows take {ours.busy:.2f} processor seconds, over all cores")
        told.append(_told(f"{rows:,} rows in under {MOST_MEMORY} MB", ours.megabytes, MOST_MEMORY))
    for who in ("numpy", "fairlearn"):
        peer = _apart(who, path, patience) if rows <= MOST.get(who, rows) else None
        if peer is None:
            why = "does not finish" if rows <= MOST.get(who, rows) else "not asked"
            print(f"| {rows:,} | {who} | {why} | | | | | |", flush=True)
            continue
        _line(rows, who, peer, ours)
        if who == "fairlearn" and rows == 10**5:
            ratio = peer.replicate / ours.replicate
            told.append(
                f"{rows:,} rows, a replicate: {ratio:,.0f} times fairlearn (aim {FASTER:,}): {_met(ratio >= FASTER)}"
            )
    path.unlink()
    return told


def written(folder: Path, rows: int) -> Path:
    """A table of decisions about people of ten groups, a little uneven, written in parts that fit into memory."""
    import pyarrow.parquet as pq

    draw, path, writer = np.random.default_rng(0), folder / f"{rows}.parquet", None
    for begin in range(0, rows, PART):
        n = min(PART, rows - begin)
        group = draw.integers(len(GROUPS), size=n, dtype=np.uint8)
        able = draw.random(n, dtype=np.float32) < 0.4
        yes = draw.random(n, dtype=np.float32) < np.where(able, 0.7, 0.2) + 0.02 * (group == 0)
        words = pl.Series(("no", "yes"))
        part = pl.DataFrame(
            {
                "group": pl.Series(GROUPS)[group],
                "label": words[able.astype(np.uint8)],
                "decision": words[yes.astype(np.uint8)],
            }
        ).to_arrow(compat_level=pl.CompatLevel.oldest())
        writer = writer or pq.ParquetWriter(path, part.schema)
        writer.write_table(part, row_group_size=250_000)
    assert writer is not None
    writer.close()
    return path


def evenlight(path: Path, patience: float) -> dict[str, Any]:
    """The whole way from plan to kept run, and replicates from its counts; imports are made beforehand."""
    del patience  # it needs none
    with tempfile.TemporaryDirectory() as home:
        os.environ["EVENLIGHT_HOME"] = home
        import audits
        from audits.engine.bench import Bench
        from audits.engine.decisions import countable
        from audits.engine.pairing import open_pair
        from audits.plan import Plan
        from audits.statistics.counts import Counts
        from audits.statistics.resampling import replicates
        from audits.store.home import store_url
        from audits.store.measurements import Measurements

        small = Path(home) / "small.parquet"
        pl.scan_parquet(path).head(1000).collect().write_parquet(small)
        audits.run(_plan(small))
        busy = time.process_time()
        seconds, run = _timed(lambda: audits.run(_plan(path)))
        busy, memory = time.process_time() - busy, _memory()
        subject, data = open_pair(Plan.model_validate(_plan(small if path.stat().st_size > 10**8 else path)), None)
        bench = Bench(subject, Measurements(store_url()))
        found = Counts.of(bench.decisions(countable(subject, data), "yes"), ["@group.group"]).outcomes("@group.group")
        begun = time.process_time()
        replicates(found, METRICS, REPLICATES, np.random.default_rng(0))
        drawn = time.process_time() - begun
        values = [run.finding(f"group-rates.group.{metric}").evidence[0].groups[0].rate for metric in METRICS]
    return {
        "seconds": seconds,
        "replicate": drawn / REPLICATES,
        "megabytes": memory,
        "busy": busy,
        "measured": REPLICATES,
        "first": values,
    }


def numpy_rows(path: Path, patience: float) -> dict[str, Any]:
    """Rows drawn with replacement and counted again, as fast as NumPy does it."""
    busy = time.process_time()
    group = pl.col("group").cast(pl.Enum(GROUPS)).to_physical().cast(pl.UInt8)
    yes = 2 * (pl.col("label") == "yes").cast(pl.UInt8) + (pl.col("decision") == "yes").cast(pl.UInt8)
    code = pl.scan_parquet(path).select(code=4 * group + yes).collect(engine="streaming")["code"].to_numpy()
    draw = np.random.default_rng(0)
    begin, begun = time.perf_counter(), time.process_time()
    first = _six(np.bincount(code, minlength=40))
    made = 0
    while made < REPLICATES and (made == 0 or (time.perf_counter() - begin) * (made + 1) / made < patience):
        _six(np.bincount(code[draw.integers(len(code), size=len(code))], minlength=40))
        made += 1
    return {
        "seconds": (time.perf_counter() - begin) * REPLICATES / made,
        "replicate": (time.process_time() - begun) / made,
        "megabytes": _memory(),
        "busy": time.process_time() - busy,
        "measured": made,
        "first": first[0].tolist(),
    }


def _six(counts: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    tn, fp, fn, tp = counts.reshape(-1, 4).T
    return np.stack(
        [
            (tp + fp) / (tp + fp + tn + fn),
            (tp + tn) / (tp + fp + tn + fn),
            tp / (tp + fn),
            fp / (fp + tn),
            tp / (tp + fp),
            2 * tp / (2 * tp + fp + fn),
        ],
        axis=1,
    )


def fairlearn(path: Path, patience: float) -> dict[str, Any]:
    """MetricFrame with its own bootstrap; a replicate is what each further one adds."""
    from fairlearn.metrics import MetricFrame, false_positive_rate, selection_rate, true_positive_rate
    from sklearn.metrics import accuracy_score, f1_score, precision_score

    metrics = {
        "selection-rate": selection_rate,
        "accuracy": accuracy_score,
        "true-positive-rate": true_positive_rate,
        "false-positive-rate": false_positive_rate,
        "precision": precision_score,
        "f1": f1_score,
    }
    busy = time.process_time()
    frame = pl.read_parquet(path)
    rows = {
        "y_true": (frame["label"] == "yes").to_numpy().astype(int),
        "y_pred": (frame["decision"] == "yes").to_numpy().astype(int),
        "sensitive_features": frame["group"].to_pandas(),
    }
    begun = time.process_time()
    plain, made = _timed(lambda: MetricFrame(metrics=metrics, **rows))
    once = time.process_time() - begun
    at_once = 5 if frame.height < 10**6 else 1
    begin, begun, done = time.perf_counter(), time.process_time(), 0
    while done < REPLICATES and (done == 0 or time.perf_counter() - begin < patience / 4):
        MetricFrame(metrics=metrics, n_boot=at_once, ci_quantiles=[0.025, 0.975], random_state=done, **rows)
        done += at_once
    took, worked = time.perf_counter() - begin, time.process_time() - begun
    return {
        "seconds": plain + max(0.0, took / done - plain / at_once) * REPLICATES,
        "replicate": max(1e-9, worked / done - once / at_once),
        "megabytes": _memory(),
        "busy": time.process_time() - busy,
        "measured": done,
        "first": made.by_group.loc[GROUPS[0]].tolist(),
    }


MOST: Final = {"fairlearn": 10**7}
"""A peer that would hold more rows than this as Python's own objects is not asked."""

CONTESTANTS: Final[dict[str, Callable[[Path, float], dict[str, Any]]]] = {
    "evenlight": evenlight,
    "numpy": numpy_rows,
    "fairlearn": fairlearn,
}


def _plan(path: Path) -> dict[str, Any]:
    return {
        "name": "decisions",
        "subject": "table:?prediction=decision",
        "data": {"source": str(path), "label": "label", "positive": "yes", "protected": "group"},
        "audits": [{"bias.group-rates": {"metrics": list(METRICS)}}],
    }


def _apart(who: str, path: Path, patience: float) -> Figures | None:
    """In a process of its own, so that its peak memory is its own; None where it does not finish in time."""
    command = [sys.executable, "-m", "benchmarks.bias", "--one", who, str(path), "--patience", f"{patience}"]
    try:
        made = subprocess.run(command, capture_output=True, text=True, timeout=3 * patience + 60)
    except subprocess.TimeoutExpired:
        return None
    if made.returncode:
        print(made.stderr[-2000:], file=sys.stderr)
        return None
    told = json.loads(made.stdout.splitlines()[-1])
    first = FIRST.setdefault(path.name, told["first"])
    if not np.allclose(told["first"], first, atol=1e-9):
        raise AssertionError(f"{who} counts otherwise: {told['first']} and not {first}")
    return Figures(**{name: told[name] for name in Figures.__slots__})


FIRST: Final[dict[str, list[float]]] = {}
"""The first group's metrics of each table, in which all contestants must agree."""


def _timed(what: Callable[[], Any]) -> tuple[float, Any]:
    begin = time.perf_counter()
    result = what()
    return time.perf_counter() - begin, result


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _line(rows: int, who: str, one: Figures, ours: Figures) -> None:
    seconds = f"{one.seconds:,.2f}" if one.measured == REPLICATES else f"{one.seconds:,.0f} (reckoned)"
    replicate = f"{1e6 * one.replicate:,.1f} us" if one.replicate < 1e-3 else f"{1e3 * one.replicate:,.1f} ms"
    faster = "" if one is ours else f"{one.replicate / ours.replicate:,.0f} times"
    busy = f"{one.busy:,.2f}" if one.measured == REPLICATES else ""
    cells = (f"{rows:,}", who, seconds, busy, replicate, f"{one.measured:,}", f"{one.megabytes:,.0f} MB", faster)
    print(f"| {' | '.join(cells)} |", flush=True)


def _told(what: str, found: float, aim: float) -> str:
    return f"{what}: {found:,.2f}, {_met(found <= aim)}"


def _met(met: bool) -> str:
    return "met" if met else "NOT MET"


if __name__ == "__main__":
    main()
