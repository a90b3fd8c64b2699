"""What is to be audited, on which data, by which audits: the plan that every door takes."""

from __future__ import annotations

from typing import Any, Self

from pydantic import Field, field_validator, model_validator

from probes.record import Record


class Words(Record):
    """What the reader is told about: an item, an outcome, the groups."""

    item: str = "example"
    """One row, in the singular: comment, applicant, patient."""
    items: str | None = None
    """Several rows; the singular with an s where left out."""
    positive: str | None = None
    """What happens to a selected row, as a past participle: flagged as biased, approved."""
    relation: str = "in group"
    """How an item belongs to a group: "about" in "comments about Muslims"."""
    groups: dict[str, str] = {}
    """Value in the data -> name for readers."""

    @property
    def plural(self) -> str:
        """Several items."""
        return self.items or f"{self.item}s"


class DataPlan(Record):
    """Where the rows are and what their columns mean."""

    source: str
    """A file (.csv, .parquet, .jsonl, .arrow), an Arrow folder, datasets:NAME?split=..., or demo:NAME."""
    input: tuple[str, ...] = ()
    """Column of the text, two for a pair of texts, or all that a model of tables reads (its own where left out)."""
    label: str | None = None
    """Column of the true answer."""
    classes: dict[str, str] = {}
    """Value in the label column -> class of the model, where they differ."""
    positive: str | None = None
    """The class whose rates are audited; the second of two where left out."""
    protected: tuple[str, ...] = ()
    """Columns of protected attributes."""
    id: str | None = None
    """Column that names a row; the row's content where left out."""
    weight: str | None = None
    """Column of sampling weights."""
    split: str | None = None
    """The part that is audited, such as test; all rows where left out."""
    split_column: str = "split"
    """Column that says which part a row belongs to."""

    @field_validator("input", "protected", mode="before")
    @classmethod
    def _one_is_a_list_of_one(cls, value: Any) -> Any:
        return (value,) if isinstance(value, str) else value

    @field_validator("classes", mode="before")
    @classmethod
    def _keys_are_text(cls, value: Any) -> Any:
        return {str(k): v for k, v in value.items()} if isinstance(value, dict) else value


class AuditChoice(Record):
    """One audit by name, with its options."""

    name: str
    options: dict[str, Any] = {}

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, value: Any) -> Any:
        """`name`, `{name: options}` and the long form all mean the same."""
        if isinstance(value, str):
            return {"name": value}
        if isinstance(value, dict) and len(value) == 1 and "name" not in value:
            ((name, options),) = value.items()
            return {"name": name, "options": options or {}}
        return value


class Plan(Record):
    """A plan as YAML, as a dict or as this record."""

    name: str = Field(min_length=1, max_length=200)
    """What the run is called."""
    subject: str
    """URI of the model under audit."""
    data: DataPlan
    words: Words = Words()
    seed: int = Field(0, ge=0, lt=2**63)
    """Every random draw follows from it."""
    trust: bool = False
    """Allows checkpoints that can run code (pickles, remote code); the manifest records it."""
    audits: tuple[AuditChoice, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _protected_named_once(self) -> Self:
        if len(set(self.data.protected)) != len(self.data.protected):
            raise ValueError("a protected attribute is named twice")
        return self
