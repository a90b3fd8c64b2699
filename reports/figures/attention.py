"""Where a model looks: rollout over the words, lines and heat map of the chosen head, every head's entropy."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from audits.evidence import Attention, AttentionView
from probes.speech import Count, Share, say
from reports.figures.drawing import Drawing, draws
from reports.figures.grid import grid
from reports.figures.pieces import piece
from reports.figures.token_scores import about
from reports.look.palette import GroupColours
from reports.look.wording import fragment, shown

MOST_TOKENS = 40
"""A longer text is drawn up to here; its data frame holds all of it."""
FAINTEST = 0.05
"""Lines below this weight are left out."""
LINE = 26
"""Height of a token's line in the drawing."""


@dataclass(frozen=True, slots=True)
class Look:
    """One line of the drawing: from a token to one it looks at."""

    start: int
    end: int
    weight: float
    hover: str

    @property
    def path(self) -> str:
        """A curve in a box of width 100, stretched to the page."""
        y1, y2 = (self.start + 0.5) * LINE, (self.end + 0.5) * LINE
        return f"M0 {y1:g}C45 {y1:g} 55 {y2:g} 100 {y2:g}"


@draws(Attention)
def attention(evidence: Attention, _: GroupColours) -> Drawing:
    """Each text in four views; strong language stays behind the reader's click."""
    return Drawing(
        evidence=evidence,
        title=evidence.title,
        still=Markup("").join(view_html(view) for view in evidence.texts),
        hint=evidence.hint,
        has_texts=True,
    )


def view_html(view: AttentionView, act: str | None = None) -> Markup:
    """One text on its own, as the Explain page shows it; there a click on a head, which says `act`, chooses it."""
    tokens = view.tokens[:MOST_TOKENS]
    most = max(view.rollout, default=0.0)
    head = {"layer": Count(value=view.layer + 1), "head": Count(value=view.head + 1)}
    return piece(
        "attention.html",
        view=view,
        choosable=act is not None,
        about=about(view.example),
        tokens=tokens,
        hidden=len(view.tokens) - len(tokens),
        rollout=[
            (token, round(share / most, 3) if most else 0.0, shown(Share(value=share)))
            for token, share in zip(view.tokens, view.rollout, strict=True)
        ],
        head=head,
        looks=_looks(view, len(tokens)),
        height=LINE * len(tokens),
        faintest=Share(value=FAINTEST),
        weights=grid(
            say("Attention of head {head} in layer {layer}", **head),
            say("the word that looks"),
            say("the word looked at"),
            say("share of the word's attention"),
            tokens,
            tokens,
            [row[: len(tokens)] for row in view.weights[: len(tokens)]],
        ),
        entropy=grid(
            say("Entropy of every head in bits"),
            say("layer"),
            say("head"),
            say("bits; 0 is a head that looks at a single word"),
            [str(layer + 1) for layer in range(len(view.entropy))],
            [str(head + 1) for head in range(len(view.entropy[0]))] if view.entropy else [],
            view.entropy,
            chosen=(view.layer, view.head),
            act=act,
        ),
    )


def _looks(view: AttentionView, n: int) -> list[Look]:
    found = [
        Look(i, j, round(weight, 3), _hover(view.tokens[i], view.tokens[j], weight))
        for i, row in enumerate(view.weights[:n])
        for j, weight in enumerate(row[:n])
        if weight >= FAINTEST
    ]
    return sorted(found, key=lambda look: look.weight)


def _hover(query: str, key: str, weight: float) -> str:
    return fragment("{query} looks at {key}: {share}", query=query, key=key, share=Share(value=weight))
