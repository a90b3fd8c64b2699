"""Options become the widget that fits their type, and every audit's form gives back its own options."""

from __future__ import annotations

from typing import Literal

import pytest
from pydantic import Field
from streamlit.testing.v1 import AppTest

from audits.catalog import catalog
from dashboard.fields import bounds, words
from probes.record import Record


class Every(Record):
    """One option of each kind."""

    ticked: bool = Field(True, description="A box.")
    many: int = Field(5, ge=1, le=9, description="A whole number.")
    above: int = Field(3, gt=2, lt=7, description="A whole number between others.")
    share: float = Field(0.25, ge=0, le=1, description="A share.")
    perhaps: int | None = Field(None, description="A number or nothing.")
    attribute: str | None = Field(None, description="A name or nothing.")
    text: str = Field("as it is", description="Text.")
    one_of: Literal["this", "that"] = Field("this", description="A choice.")
    some_of: tuple[Literal["a", "b", "c"], ...] = Field(("a", "c"), description="Choices.")
    names: tuple[str, ...] = Field(("x",), description="Names.")
    nested: dict[str, int] = Field({"k": 1}, description="Written as in a plan.")


def form() -> None:
    import streamlit

    from dashboard.fields import shown_option
    from tests.dashboard.test_fields import Every

    streamlit.session_state["out"] = {
        name: shown_option(
            name, field, field.get_default(call_default_factory=True), f"k-{name}", {"attribute": ("sex", "race")}
        )
        for name, field in Every.model_fields.items()
    }


def drawn() -> AppTest:
    app = AppTest.from_function(form, default_timeout=30).run()
    assert not app.exception
    return app


def test_what_is_not_touched_is_what_it_was() -> None:
    assert Every(**drawn().session_state["out"]) == Every()


def test_what_is_said_comes_back_with_its_type() -> None:
    app = drawn()
    app.checkbox(key="k-ticked").uncheck()
    app.number_input(key="k-many").set_value(7)
    app.number_input(key="k-share").set_value(0.5)
    app.number_input(key="k-perhaps").set_value(4)
    app.selectbox(key="k-attribute").set_value("race")
    app.text_input(key="k-text").set_value(" other ")
    app.selectbox(key="k-one_of").set_value("that")
    app.multiselect(key="k-some_of").set_value(["b"])
    app.text_input(key="k-nested").set_value("{k: 2, l: 3}")
    out = app.run().session_state["out"]
    assert Every(**out) == Every(
        ticked=False,
        many=7,
        share=0.5,
        perhaps=4,
        attribute="race",
        text="other",
        one_of="that",
        some_of=("b",),
        nested={"k": 2, "l": 3},
    )
    assert type(out["many"]) is int


def test_numbers_are_kept_within_their_bounds() -> None:
    app = drawn()
    assert (app.number_input(key="k-many").min, app.number_input(key="k-many").max) == (1, 9)
    assert (app.number_input(key="k-above").min, app.number_input(key="k-above").max) == (3, 6)
    assert bounds(Every.model_fields["share"], whole=False).high == 1


def test_what_is_no_yaml_stays_text_and_fails_its_check() -> None:
    app = drawn()
    app.text_input(key="k-nested").set_value("{k: ")
    with pytest.raises(ValueError, match="nested"):
        Every(**app.run().session_state["out"])


@pytest.mark.parametrize("name", sorted(catalog()))
def test_every_audits_form_gives_back_its_options(name: str) -> None:
    def page(audit: str) -> None:
        import streamlit

        from audits.catalog import catalog
        from dashboard.fields import shown_option

        streamlit.session_state["out"] = {
            option: shown_option(option, field, field.get_default(call_default_factory=True), option)
            for option, field in catalog()[audit].model_fields.items()
        }

    app = AppTest.from_function(page, default_timeout=30, kwargs={"audit": name}).run()
    assert not app.exception
    assert catalog()[name].model_validate(app.session_state["out"]) == catalog()[name]()


def test_an_options_name_is_read_as_words() -> None:
    assert words("smallest_group") == "Smallest group"
