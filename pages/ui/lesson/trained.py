"""Step 2, trained: the choice of the network, and its states over a word."""

import streamlit as st

from core import examples
from core.arrays import unpack
from core.lesson.trained import (
    MAX_CHARACTERS,
    TrainedNetwork,
    example_word,
    text_sequence,
    text_states,
    unit_ranges,
)
from core.lesson.zoom import zoom
from core.registry import get_task
from pages.ui.address import bind, persistent
from pages.ui.cache import cached_result
from pages.ui.controls import choose, refusals
from pages.ui.lesson.components import heatmap_component, state_panels, zoom_component
from pages.ui.lesson.learning_setup import belongs_to
from pages.ui.lesson.steps import code
from pages.ui.lesson.units import unit_that_counts
from pages.ui.once import once
from pages.ui.session import current_run, owner, platform, reader
from pages.ui.words import ago

EXAMPLE = "example"
EXAMPLES = {
    "lstm": "text",
    "rnn": "text-rnn",
    "gru": "text-gru",
    "mingru": "text-mingru",
}
VIEWS = ("One word", "The unit that counts", "To one multiplication")
MAX_RUNS = 100  # most runs of the reader's own, newest first
MAX_SNAPSHOTS = 60
BACKGROUND = """
Move *Epoch* from 0 to the end. Before training the weights are random, and every unit
reacts a little to every character. In training the units divide the work: some react to
one kind of character, some hold a value over several steps, some change slowly along
the word. One word shows what a unit does once; *The unit that counts* shows what it
does in a whole text.
"""


def inside(page: str, cell: str, choosing, seeing) -> None:
    """Draw the states of a trained network, over a word or for a unit over a text."""
    with choosing:
        notice = st.container()
        name, trained = _choose(page, cell, notice)
        if trained is None:
            return
        view = choose(
            "View",
            VIEWS,
            f"{page}_trained_view",
            help="Gates and states for each character of one word, one unit over a "
            "whole text, or the way from a text to a single multiplication.",
            wrap=True,
        )
    if view == VIEWS[0]:
        _word(page, trained, choosing, seeing)
        code(cell, "step", "unroll")
        st.subheader("What training has changed")
        st.markdown(BACKGROUND)
    elif view == VIEWS[1]:
        unit_that_counts(page, name, trained, choosing, seeing)
    else:
        _zoom(page, trained, choosing, seeing)
        code(cell, "step", "unroll")


def _zoom(page: str, trained: TrainedNetwork, choosing, seeing) -> None:
    """Draw the zoom from a text to one multiplication, at any epoch."""
    with choosing:
        chosen = _choose_text(page, trained)
        st.caption(
            "The network predicts each next character. Choose a step, then a unit, "
            "then a number: down to the multiplications, and back by the line above."
        )
    if chosen:
        sequence, network, _ = chosen
        numbers = zoom(network, sequence, trained.corpus.characters)
        with seeing:
            zoom_component(f"{page}_zoom", network.cell, numbers)


def _choose(page: str, cell: str, notice) -> tuple[str, TrainedNetwork | None]:
    """Draw the choice of the example or an own run; return it with its name."""
    shown = current_run(page, belongs_to(page))
    own = [shown] if shown else []
    own += platform().store.runs_of(owner(), MAX_RUNS)
    runs = {run.id: run for run in own if _is_readable(run, cell)}
    titles = {EXAMPLE: "Example: names"} | {
        id: f"{run.name}, {ago(run.created)}" for id, run in runs.items()
    }
    key = f"{page}_forward_run"
    if st.query_params.get(key, EXAMPLE) not in titles:
        notice.warning(
            "The run in this address is no finished training of this cell in this "
            "browser: the example is shown.",
            icon=":material/link_off:",
        )
    first = shown.id if shown and shown.id in runs else EXAMPLE
    name = st.selectbox(
        "Trained network",
        list(titles),
        format_func=titles.get,
        **persistent(bind(key, first, titles)),
        help="An example that ships, or one of your own trainings of this cell.",
    )
    if name == EXAMPLE:
        return name, of_example(EXAMPLES[cell])
    return name, of_run(page, runs[name])


def of_run(page: str, run) -> TrainedNetwork | None:
    """Return the networks of a run; None, with the reason drawn, without a result."""
    trained = cached_result(page, "trained", run, lambda: _read(run))
    if trained is None:
        st.info(
            "This run has no result. Choose another one, or the example.",
            icon=":material/info:",
        )
    return trained


def _is_readable(run, cell: str) -> bool:
    return (
        run.task == "text"
        and run.settings["cell"] == cell
        and run.status in ("done", "stopped")
        and not run.without_result
    )


def _read(run) -> TrainedNetwork | None:
    store = platform().store
    content = store.result(reader(), run.id)
    if content is None:
        return None
    snapshots = store.snapshots(reader(), run.id, MAX_SNAPSHOTS)
    return _trained(get_task(run.task).Result.decode(content), snapshots)


@once
def of_example(name: str) -> TrainedNetwork:
    """Return the networks of an example."""
    example = examples.load(name)
    return _trained(example.result, example.snapshots)


def _trained(result, snapshots) -> TrainedNetwork:
    frames = {epoch: unpack(content) for epoch, content in snapshots.items()}
    return TrainedNetwork.of(result, frames)


def _choose_text(page: str, trained: TrainedNetwork, *, by_units: bool = False):
    """Draw the choice of text, epoch and, if needed, units.

    Returns the text as the network reads it, the network, and the units, as (first,
    last); None if it cannot read the text.
    """
    units = trained.result.units
    ranges = {f"{low}–{high}": (low, high) for low, high in unit_ranges(units)}
    word = st.text_input(
        "Text",
        max_chars=MAX_CHARACTERS,
        **persistent(
            bind(
                f"{page}_forward_text",
                example_word(trained.corpus),
                high=MAX_CHARACTERS,
            )
        ),
        help="The network reads it character by character. It knows those of the "
        f"text that it was trained on. At most {MAX_CHARACTERS}.",
    )
    epoch = _choose_epoch(page, list(trained.networks))
    shown = next(iter(ranges))
    if by_units and len(ranges) > 1:
        shown = choose(
            f"Units, of {units}",
            list(ranges),
            f"{page}_forward_units",
            default=shown,
            help="Which of the network's hidden units the heatmaps show.",
            wrap=True,
        )
    with refusals():
        sequence = text_sequence(trained.corpus, word)
        return sequence, trained.networks[epoch], ranges[shown]
    return None


def _choose_epoch(page: str, epochs: list[int]) -> int:
    if len(epochs) == 1:
        return epochs[0]
    return st.select_slider(
        "Epoch",
        epochs,
        **persistent(bind(f"{page}_forward_epoch", epochs[-1], epochs)),
        help="The network as it was after this epoch; 0 is before training.",
    )


def _word(page: str, trained: TrainedNetwork, choosing, seeing) -> None:
    """Draw gates and states of the network of any epoch while it reads a word."""
    with choosing:
        chosen = _choose_text(page, trained, by_units=True)
    if chosen is None:
        return
    sequence, network, (low, high) = chosen
    states = text_states(network, sequence, low, high)
    with seeing:
        heatmap_component(
            f"{page}_trained_word",
            network.cell,
            sequence.labels,
            "character",
            state_panels(states),
            high - low + 1,
            firstUnit=low,
            backward=False,
        )
    gates = (
        "Gates are between 0 (empty) and 1 (full colour). " if len(states) > 1 else ""
    )
    first = "↵ is the line break before a name." if trained.corpus.is_names else ""
    seeing.caption(
        f"Units {low} to {high} of {network.units}, one a row. {gates}States are shown "
        f"from −1 (brown) through 0 to 1 (teal). {first}"
    )
