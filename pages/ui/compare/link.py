"""The runs of a link to a comparison."""

import base64
import logging

import streamlit as st

from core.figures.palette import LETTERS, RUNS
from core.runs.store.readers import Reader
from pages.ui.live.state import run_of
from pages.ui.words import as_text

log = logging.getLogger(__name__)

MOST = len(LETTERS)


def compared_runs(reader: Reader, ids: str) -> list:
    """The runs of a list such as `<id>,<id>`, with warnings about omitted ones.

    Omitted are runs of another task than the first, and all after the eighth.
    """
    named = [name for each in ids.split(",") if (name := each.strip())]
    wanted = list(dict.fromkeys(named))
    found = [run_of(reader, run_id) for run_id in wanted[:MOST]]
    known = [run for run in found if run]
    runs = [run for run in known if run.task == known[0].task]
    if len(wanted) > MOST:
        _say(f"At most {MOST} runs can be compared. These are the first {MOST}.")
    if gone := len(found) - len(known):
        log.warning("refused %d runs of a comparison: not this reader's", gone)
        _say(
            f"{_count(gone)} of this link is not yours or was deleted. Runs can be "
            "seen in the browser that started them."
            if gone == 1
            else f"{_count(gone)} of this link are not yours or were deleted. Runs can "
            "be seen in the browser that started them."
        )
    if other := len(known) - len(runs):
        verb = "is" if other == 1 else "are"
        _say(
            f"{_count(other)} of this link {verb} of another task than the first one, "
            "and cannot be compared with it."
        )
    if len(runs) < 2:
        _say(
            "A comparison needs two to eight runs of one task. Tick them on the Runs "
            "page and press *Compare*."
        )
    return runs


def _count(number: int) -> str:
    return "One run" if number == 1 else f"{number} runs"


def _say(sentence: str) -> None:
    st.warning(sentence, icon=":material/link_off:")


def swatch(place: int) -> str:
    """The colour and the letter of a run, in Markdown."""
    square = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="12" height="12">'
        f'<rect width="12" height="12" rx="3" fill="{RUNS[place]}"/></svg>'
    )
    image = base64.b64encode(square.encode()).decode()
    return f"![](data:image/svg+xml;base64,{image})\u00a0{LETTERS[place]}"


def named(place: int, name: str) -> str:
    """Colour, letter and name of a run, in Markdown."""
    return f"{swatch(place)} {as_text(name)}"
