"""Names and rules of the data can be imported without paying for data frames."""

from __future__ import annotations

import subprocess
import sys

LIGHT = "audits.data, audits.data.columns, audits.data.rows, audits.data.sampling, audits.assets, audits.demo.datasets"


def test_nothing_heavy_is_imported_before_data_is_opened() -> None:
    heavy = "{'polars', 'pyarrow', 'datasets', 'torch', 'numpy'}"
    code = f"import sys, {LIGHT}; print(sorted({heavy} & set(sys.modules))); print(audits.data.Population.__name__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "Population"]
