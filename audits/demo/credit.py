"""Trains the demo's credit model on the census rows of Adult: who is said to earn more than $50,000."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from probes.errors import StoreFailed

if TYPE_CHECKING:
    import polars as pl

NUMBERS: Final = ("age", "education_num", "capital_gain", "capital_loss", "hours_per_week")

TEXTS: Final = (
    "workclass", "marital_status", "occupation", "relationship", "race", "sex", "native_country",
)  # fmt: skip
"""`education` says what `education_num` says, and `fnlwgt` is a sampling weight: neither is a column of the model."""

LABEL: Final = "income"


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that the trained model follows from, beside the data."""

    seed: int = 0
    trees: int = 150
    leaves: int = 15
    rate: float = 0.1
    version: int = 1

    @property
    def name(self) -> str:
        """The file of the trained model; another recipe, or another scikit-learn, is another file."""
        from importlib.metadata import version

        own = [self.seed, self.trees, self.leaves, self.rate, self.version]
        parts = json.dumps([*own, NUMBERS, TEXTS, version("scikit-learn")])
        return f"credit-{blake2b(parts.encode(), digest_size=4).hexdigest()}.skops"


def credit_model(home: Path) -> Path:
    """The file of the trained model, trained first where it is not there yet (seconds)."""
    recipe = Recipe()
    kept = home / "demo" / "models" / recipe.name
    if kept.is_file():
        return kept
    model = _trained(recipe, home)
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=kept.parent, prefix=".training-") as beside:
            import skops.io

            whole = Path(beside) / kept.name
            skops.io.dump(model, whole)
            with whole.open("rb") as file:
                os.fsync(file.fileno())
            whole.replace(kept)
    except OSError as error:
        raise StoreFailed(
            "the path {path} cannot be written ({reason}); free the place, or choose another with EVENLIGHT_HOME",
            path=str(kept),
            reason=error.strerror or type(error).__name__,
        ) from error
    return kept


def _trained(recipe: Recipe, home: Path) -> Any:
    """Boosted trees over numbered categories: every column stays one column, so its Shapley value is exact.

    Missing values and categories that were never seen are missing to the trees, which learn where those go.
    """
    import numpy as np
    import polars as pl
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import OrdinalEncoder

    from audits.demo.datasets import dataset

    rows = pl.read_parquet(dataset("adult", home)).filter(pl.col("split") == "fit")
    numbered = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan)
    columns = ColumnTransformer([("texts", numbered, list(TEXTS)), ("numbers", "passthrough", list(NUMBERS))])
    boosted = HistGradientBoostingClassifier(
        max_iter=recipe.trees,
        max_leaf_nodes=recipe.leaves,
        learning_rate=recipe.rate,
        early_stopping=False,
        random_state=recipe.seed,
    )
    return Pipeline([("columns", columns), ("model", boosted)]).fit(_table(rows), rows[LABEL].to_numpy())


def _table(rows: pl.DataFrame) -> Any:
    """The columns as the subject will hand them over: numbers as doubles, texts with NaN where there is none."""
    import polars as pl

    from probes.subjects.sklearn_columns import TableColumn, as_table

    columns = [TableColumn(name, name in NUMBERS, float("nan")) for name in (*NUMBERS, *TEXTS)]
    texts = rows.select(*NUMBERS, *TEXTS).cast(pl.String).fill_null("")
    return as_table(columns, [column.read(texts[column.name].to_list()) for column in columns], named=True)
