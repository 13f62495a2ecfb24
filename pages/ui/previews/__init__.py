"""Each exhibit's finished example as a small picture that moves."""

import json
from functools import cache
from pathlib import Path

import streamlit as st

from core import palette, previews
from core.emoji.labels import LABELS
from core.lesson.cells import CELLS
from pages.ui.emoji.drawing import DRAWINGS
from pages.ui.lesson.components import PALETTE

HERE = Path(__file__).parent
COLOURS = {
    "model": palette.MODEL,
    "other": palette.NAIVE,
    "negative": palette.NEGATIVE,
    "positive": palette.POSITIVE,
}
# What each shows, in words.
LABELS_OF = {
    "rnn": "The hidden states of an RNN that reads a name, and names that it writes, "
    "from before training to epoch 40",
    "lstm": "Gates and states of a trained LSTM that reads a name letter by letter",
    "gru": "Gates and states of a trained GRU that reads a name letter by letter",
    "stock": "The S&P 500 day by day, and the intervals that were forecast for it",
    "emoji": "Sentences typed letter by letter, and the model's answer after each word",
    "music": "The notes of a rag that the model plays",
    "runs": "The validation losses of four networks, epoch by epoch",
    "classes": "A board of trainings, each with its curve",
    "became": "How far back each of four trained networks is influenced by its inputs: "
    "the RNN's influence vanishes within a few steps",
}

_preview = st.components.v2.component(
    "preview",
    html="""
    <div class="preview">
      <svg viewBox="0 0 360 150" role="img"></svg>
      <button class="listen" type="button" hidden>▶ Listen</button>
    </div>""",
    css=(HERE / "previews.css").read_text(),
    js=f"const ROWS = {json.dumps(PALETTE['rows'])}\n"
    f"const COLOURS = {json.dumps(COLOURS)}\n" + (HERE / "previews.js").read_text(),
)


@cache
def _pictures() -> dict[str, dict[str, object]]:
    """What ships of each exhibit, with what only the pages know."""
    found = previews.load()
    colours = [palette.NETWORKS[cell] for cell in CELLS]
    names = [label.name for label in LABELS]
    return found | {
        "emoji": {
            "sentences": found["emoji"],
            "names": names,
            "drawings": {name: DRAWINGS[name] for name in names},
        },
        **{
            exhibit: {
                "curves": [
                    {**curve, "colour": colour}
                    for curve, colour in zip(found[exhibit], colours, strict=True)
                ]
            }
            for exhibit in ("runs", "became")
        },
        "classes": {"curves": found["classes"]},
    }


def preview(exhibit: str) -> None:
    """Draw the small moving picture of an exhibit, by the name of its page."""
    data = {"kind": exhibit, "label": LABELS_OF[exhibit], **_pictures()[exhibit]}
    _preview(key=f"home_{exhibit}_preview", data=data)
