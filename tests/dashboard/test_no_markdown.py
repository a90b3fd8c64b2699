"""Streamlit reads Markdown in much of what it shows; nothing but our own literal words may come there unescaped."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.elements.lib.mutable_status_container import StatusContainer

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "dashboard").rglob("*.py"))

READ = {"label", "help", "body", "text", "title", "tabs", "caption", "captions", "message", "delta"}
"""Parameters that Streamlit reads as Markdown in some element; the same name is held to the rule in all of them."""

PLAIN = {"text": {"body"}, "code": {"body"}, "Page": {"title"}, **{name: {"label"} for name in dir(st.column_config)}}
"""Where they are plain text after all: text, code, the name of the browser's tab and the heads of a grid's columns."""

READ_OPTIONS = {"radio", "pills", "segmented_control", "menu_button"}
"""Elements whose options are Markdown; those of selectbox and multiselect are plain text."""

FORBIDDEN = {"write", "write_stream", "markdown", "latex", "echo", "exception", "table", "components", "help",
             "magic", "balloons", "snow"}  # fmt: skip
"""What reads anything as Markdown or HTML; stage.show, st.text, st.code and st.dataframe do not."""

QUANTITIES = {"Count", "Share", "Points", "Times", "Number", "Duration", "Probability", "Range", "len"}
"""Values of a sentence that are numbers; a text in it would be a Name."""


def elements() -> dict[str, inspect.Signature]:
    """Everything of Streamlit that can be called, by name."""
    found: dict[str, inspect.Signature] = {}
    for place in (st, st.column_config, st.delta_generator.DeltaGenerator, StatusContainer):
        for name in dir(place):
            what = getattr(place, name)
            if callable(what) and not name.startswith("_"):
                try:
                    signature = inspect.signature(what)
                except (TypeError, ValueError):
                    continue
                kept = [p for p in signature.parameters.values() if p.name != "self"]
                found[name] = signature.replace(parameters=kept)
    return found


ELEMENTS = elements()

PLACES = {
    name
    for name, signature in ELEMENTS.items()
    if re.fullmatch(r"\W*(list\[|Sequence\[)?(Delta\w+|\w+Container)\W*", str(signature.return_annotation))
}
"""Elements that others can be drawn in: columns, containers, tabs."""


def harmless(value: ast.expr) -> bool:
    """A literal, a sentence of ours as text (str or plain of say(literal, numbers)), or inert(anything)."""
    match value:
        case ast.Constant():
            return True
        case ast.Call(func=ast.Name(id="inert")):
            return True
        case ast.Call(func=ast.Name(id="str" | "plain"), args=[said]):
            return ours(said)
        case ast.IfExp(body=one, orelse=other):
            return harmless(one) and harmless(other)
        case ast.List(elts=several) | ast.Tuple(elts=several):
            return all(harmless(each) for each in several)
        case ast.ListComp(elt=each):
            return harmless(each)
    return False


def ours(said: ast.expr) -> bool:
    match said:
        case ast.Call(func=ast.Name(id="say"), args=[ast.Constant()]):
            return all(number(keyword.value) for keyword in said.keywords)
        case ast.IfExp(body=one, orelse=other):
            return ours(one) and ours(other)
    return False


def number(value: ast.expr) -> bool:
    match value:
        case ast.Constant(value=found):
            return not isinstance(found, str)
        case ast.Call(func=ast.Name(id=name)):
            return name in QUANTITIES
    return False


def of_streamlit(tree: ast.Module) -> set[str]:
    """Names that may hold a place to draw in: `st`, and whatever is bound by an expression with one of them."""
    names = {"st", "DeltaGenerator"} | {
        node.arg
        for node in ast.walk(tree)
        if isinstance(node, ast.arg) and "DeltaGenerator" in ast.unparse(node.annotation or ast.Constant(""))
    }
    while True:
        before = len(names)
        for node in ast.walk(tree):
            for target, value in bindings(node):
                if places(value, names):
                    names |= {part.id for part in ast.walk(target) if isinstance(part, ast.Name)}
        if len(names) == before:
            return names


def places(value: ast.AST, names: set[str]) -> bool:
    """Whether the expression may be, or hold, a place to draw in."""
    if isinstance(value, ast.Name):
        return value.id == "st"
    for part in ast.walk(value):
        match part:
            case ast.Name(id=name) if name != "st" and name in names:
                return True
            case ast.Attribute(value=ast.Name(id="st"), attr="sidebar"):
                return True
            case ast.Call(func=ast.Attribute(value=holder, attr=name)) if name in PLACES and held(holder, names):
                return True
    return False


def bindings(node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    match node:
        case ast.Assign(targets=targets, value=value):
            yield from ((target, value) for target in targets)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield target, value
        case ast.NamedExpr(target=target, value=value):
            yield target, value
        case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
            yield target, value
        case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
            yield target, value


def offences(source: str) -> list[str]:
    """Lines in which data could be read as Markdown, and what to do."""
    tree = ast.parse(source)
    names = of_streamlit(tree)
    found: list[str] = []
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(module)) if module.split(".")[0] == "streamlit":
                if any(not alias.name[0].isupper() for alias in node.names):
                    found.append(f"line {node.lineno}: import streamlit as st, so that its calls can be seen")
            case ast.Import(names=aliases):
                found += [
                    f"line {node.lineno}: import streamlit as st, so that its calls can be seen"
                    for alias in aliases
                    if alias.name.split(".")[0] == "streamlit" and (alias.name, alias.asname) != ("streamlit", "st")
                ]
            case ast.Call(func=ast.Attribute(value=holder, attr=name)) if held(holder, names):
                found += [f"line {node.lineno}: {told}" for told in wrong(node, name)]
    return found


def held(holder: ast.expr, names: set[str]) -> bool:
    """Whether the holder may be something of Streamlit: st, a name bound to it, or st.sidebar and the like."""
    while isinstance(holder, ast.Attribute | ast.Call | ast.Subscript):
        holder = holder.func if isinstance(holder, ast.Call) else holder.value
    return isinstance(holder, ast.Name) and holder.id in names


def wrong(call: ast.Call, name: str) -> Iterator[str]:
    if name in FORBIDDEN:
        yield f"{name} reads Markdown or HTML; use stage.show, st.text, st.code or st.dataframe"
        return
    if name == "iframe":
        if not all(isinstance(value, ast.Call) and ast.unparse(value.func) == "preview" for value in call.args):
            yield "iframe shows a report of ours and nothing else; give it preview(...)"
        return
    if name == "html":
        if not all(literal_or_own(value) for value in call.args):
            yield "html takes a literal or what a function of ours without arguments returns"
        return
    signature = ELEMENTS.get(name)
    if signature is None:
        return
    if any(isinstance(value, ast.Starred) for value in call.args) or any(word.arg is None for word in call.keywords):
        yield f"{name} is called with unpacked arguments, which cannot be seen"
        return
    bound = signature.bind_partial(*call.args, **{str(word.arg): word.value for word in call.keywords}).arguments
    for parameter, value in bound.items():
        read = parameter in READ - PLAIN.get(name, set()) or (
            parameter in ("options", "format_func") and name in READ_OPTIONS
        )
        if parameter == "kwargs" or (read and not harmless(value)):
            yield f"{parameter} of {name} is read as Markdown; write a literal, str(say(literal)) or inert(...)"


def literal_or_own(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) or (isinstance(value, ast.Call) and not value.args and not value.keywords)


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(ROOT)) for path in FILES])
def test_no_data_reaches_markdown(path: Path) -> None:
    assert offences(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "line",
    [
        "st.write(x)",
        "st.markdown('fine words')",
        "st.caption(run.name)",
        "st.caption(str(run.name))",
        "st.caption(say('{name} is here', name=run.name))",
        "st.caption(str(say('{name} is here', name=run.name)))",
        "st.caption(str(say('{name} is here', name='x')))",
        "st.caption(str(say(template)))",
        "st.error(str(problem))",
        "st.error(f'{problem}')",
        "st.checkbox('x', help=field.description)",
        "st.checkbox('x', False, 'key', why)",
        "st.radio('x', options)",
        "st.radio('x', ['a', 'b'], format_func=name)",
        "st.tabs([name for name in names])",
        "st.progress(0.5, text=what)",
        "st.button(**options)",
        "st.html(x)",
        "st.html(shown(x))",
        "st.iframe(text)",
        "st.iframe('https://example.org')",
        "st.caption(str(say('x') if y else z))",
        "st.container().caption(x)",
        "st.sidebar.caption(x)",
        "left, right = st.columns(2)\nright.caption(x)",
        "with st.container() as here:\n    here.caption(x)",
        "for slot in st.columns(3):\n    slot.metric('x', 1, delta=x)",
        "def draw(place: DeltaGenerator):\n    place.caption(x)",
        "side = st.sidebar\nside.caption(x)",
        "tab = st.tabs(['a'])[0]\ntab.caption(x)",
        "bar = st.empty()\nbar.progress(1, text=x)",
        "with st.status('x') as told:\n    told.update(label=x)",
        "import streamlit",
        "from streamlit import caption",
        "from streamlit.components.v1 import html",
    ],
)
def test_the_rule_finds(line: str) -> None:
    assert len(offences(line)) == 1


@pytest.mark.parametrize(
    "line",
    [
        "import streamlit as st",
        "st.caption(str(say('Words.')))",
        "st.caption(str(say('{n} rows', n=Count(value=n))))",
        "st.caption(inert(name))",
        "st.text(anything)",
        "st.code(anything)",
        "st.dataframe(rows)",
        "st.selectbox(str(say('Group')), names, format_func=shown)",
        "st.tabs([inert(name) for name in names])",
        "st.button(str(say('Go')) if go else str(say('Stop')))",
        "st.html(stage.page_css())",
        "st.iframe(preview(run, False), height=600)",
        "st.caption(plain(say('x') if y else say('z')))",
        "from streamlit.navigation.page import Page",
        "text.title()",
        "log.error('x')",
    ],
)
def test_the_rule_lets_pass(line: str) -> None:
    assert offences(line) == []
