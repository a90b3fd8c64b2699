"""Names for models on the command line: `evenlight subjects`, `evenlight subjects add NAME URI`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dashboard.console import console, inert
from probes.speech import say

subjects_app = typer.Typer(help="List the models that have a name; give one a name.", invoke_without_command=True)


@subjects_app.callback()
def subjects(context: typer.Context) -> None:
    """List the models that have a name; give one a name."""
    if context.invoked_subcommand is not None:
        return
    from audits.store.subjects import registered
    from dashboard.terminal import show_subjects

    show_subjects(registered())


@subjects_app.command()
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the model is called from now on.")],
    uri: Annotated[str, typer.Argument(metavar="URI", help="Its address, such as hf:models/my-model.")],
) -> None:
    """Give a model a name, for the dashboard. A name that is taken means the new model from now on."""
    from audits.engine.pairing import rooted
    from audits.store.subjects import register

    whole = rooted(uri, Path.cwd())
    before = register(name, whole)
    if before is None:
        told = say("The name {name} stands for {uri}.", name=name, uri=whole)
    else:
        told = say(
            "The name {name} stands for {uri} now; before, it stood for {before}.", name=name, uri=whole, before=before
        )
    console().print(inert(told), soft_wrap=True)
