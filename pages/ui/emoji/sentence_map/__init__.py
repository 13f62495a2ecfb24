"""The map of sentences: a component with a slider over the epochs of a training."""

import streamlit as st

from core.arrays import unpack
from core.emoji import sentence_map
from core.emoji.figures import marks
from core.emoji.labels import NONE, NONE_NAME, Labels
from core.emoji.model.answering import Answer
from core.figures.palette import NAIVE
from pages.ui.cache import session_cache
from pages.ui.components import read
from pages.ui.emoji.models import ActiveModel, cached_for_model
from pages.ui.session import platform, reader
from pages.ui.web.scripts import script

MOST_TYPED = 12  # sentences of the history that are marked
UNITS = 1_000  # units of the largest coordinate: whole numbers are shorter to send


_map = st.components.v2.component(
    "emoji_map",
    html="""
    <div class="lesson" role="group" aria-label="Map of sentences">
      <div class="bar"></div>
      <svg class="map box" role="img" tabindex="0" aria-label="Training sentences and
        what you typed, each where it lies in the state of the network; the arrow keys
        go from one to the next">
        <g class="training"></g><g class="typed"></g>
      </svg>
      <ul class="legend"></ul>
      <p class="readout" aria-live="polite">Point at a mark to read its sentence, or go
      there by Tab and the arrow keys.</p>
      <p class="shown quiet"></p>
    </div>""",
    css=read("components/player.css", "emoji/sentence_map/map.css"),
    js=script("emoji/sentence_map/map.js"),
)


def map_view(active: ActiveModel, answers: list[Answer]) -> None:
    """Draw the places of sentences in the state of the answering model.

    `answers` are to the sentence that is typed, and to those of the history.
    """
    st.markdown(
        "Each mark is a training sentence; the large ones are yours. Sentences lie "
        "close together where the network's state after reading them is similar."
    )
    found = cached_for_model(active, "map", _make)
    labels = active.result.labels
    _map(
        key="emoji_map",
        data={
            **session_cache(
                "emoji", "map_data", active.version, lambda: _data(found, labels)
            ),
            "name": str(active.version),
            "typed": _typed(found, answers),
        },
    )
    if len(found.frames) == 1 and active.run_id is None:
        st.caption("Train a model to follow its sentences over the epochs.")


def _make(active: ActiveModel) -> sentence_map.SentenceMap:
    held = {}
    if active.run_id:
        store, most = platform().store, sentence_map.MOST + 1
        held = store.snapshots(reader(), active.run_id, most)
    snapshots = {epoch: unpack(content) for epoch, content in held.items()}
    learned = active.result.data.all_learned
    return sentence_map.sentence_map(active.result.model, learned, snapshots)


def _data(found: sentence_map.SentenceMap, labels: Labels) -> dict:
    """What the component draws of the training sentences."""
    none = len(labels)
    classes = [none if each == NONE else each for each in found.rows.labels]
    shown = [(label.words, marks(n)[0], n) for n, label in enumerate(labels)]
    return {
        "labels": [
            {"name": name, "colour": colour, "shape": shape, "count": classes.count(n)}
            for n, (name, colour, shape) in enumerate(
                [*shown, (NONE_NAME, NAIVE, UNITS)]
            )
        ],
        "texts": list(found.rows.texts),
        "classes": classes,
        "size": found.size,
        "frames": [
            {
                "epoch": frame.epoch,
                "places": _units(frame.places / found.radius),
                "variance": round(frame.variance, 3),
                "answers": frame.answers.tolist(),
                "confidence": (100 * frame.confidence).round().astype(int).tolist(),
            }
            for frame in found.frames
        ],
    }


def _typed(found: sentence_map.SentenceMap, answers: list[Answer]) -> list[dict]:
    chosen = [answer for answer in answers if answer.tokens][:MOST_TYPED]
    if not chosen:
        return []
    places = found.place([answer.text for answer in chosen]) / found.radius
    none = len(chosen[0].labels)
    return [
        {
            "text": answer.text,
            "place": _units(place),
            "answer": none if answer.label is None else answer.label,
            "confidence": round(100 * answer.confidence),
        }
        for answer, place in zip(chosen, places, strict=True)
    ]


def _units(places) -> list[int]:
    return (UNITS * places).round().astype(int).ravel().tolist()
