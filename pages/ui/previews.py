"""The small moving pictures of the home page: recordings of the pages.

`make pictures` makes the files, each for light and dark, and the last frame by itself.
"""

from pathlib import Path

import streamlit as st
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from pages.ui.charts import theme
from pages.ui.web.server import server_path

FOLDER = Path(__file__).parents[2] / "data" / "previews"
ROUTE = "previews"
# Alternative texts.
LABELS = {
    "rnn": "The hidden states of an RNN that reads a name, epoch by epoch",
    "lstm": "Names in the colours of one unit of an LSTM, epoch by epoch",
    "gru": "Gates and states of a trained GRU that reads a name letter by letter",
    "stock": "A forecast of the S&P 500, and its intervals",
    "emoji": "The model's answer to a sentence, word by word",
    "music": "The notes of a piece while it is played",
    "runs": "Three trainings and their epochs",
    "classes": "The board of a class, with a training of each student",
    "became": "Influence of past inputs on the last state, before training: four "
    "recurrent networks and attention",
}


def preview_route() -> Mount:
    """Return the route of the files, for `st.App`."""
    return Mount(server_path(ROUTE), StaticFiles(directory=FOLDER))


def preview_path(file: str) -> str:
    """Return the address of a file of the route."""
    return f"{server_path(ROUTE)}/{file}"


_picture = st.components.v2.component(
    "preview",
    html="""
    <picture>
      <source media="(prefers-reduced-motion: reduce)">
      <img alt="" width="540" height="225" loading="lazy">
    </picture>""",
    css="""
    img { display: block; width: 100%; height: auto; border-radius: 4px }
    .upper { aspect-ratio: 540 / 148; object-fit: cover; object-position: top;
      margin-top: 0.4rem }""",
    js="""
    export default function ({ data, parentElement }) {
      const image = parentElement.querySelector("img")
      parentElement.querySelector("source").srcset = data.still
      Object.assign(image, { alt: data.alt, src: data.src, className: data.part })
    }""",
)


def preview(exhibit: str, *, moving: bool, part: str = "") -> None:
    """Draw the picture of a card, if there is one, still with reduced motion.

    With the part `upper`, its upper two thirds alone.
    """
    if exhibit not in LABELS:
        return
    file = preview_path(f"{exhibit}-{theme()}")
    still = f"{file}-still.webp"
    shown = f"{file}.webp" if moving else still
    data = {"src": shown, "still": still, "alt": LABELS[exhibit], "part": part}
    _picture(key=f"home_{exhibit}_preview", data=data)
