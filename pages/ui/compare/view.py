"""The page of a comparison: curves, settings, results and samples."""

import streamlit as st

from core.comparison.curves import metrics_of
from core.comparison.seeds import measures_of
from core.comparison.settings import short_names
from core.figures.palette import LETTERS
from core.runs.store.readers import Reader
from pages.ui.address import bind, persistent, target_of
from pages.ui.cache import points_of
from pages.ui.compare.curves import curve_controls, live_curves
from pages.ui.compare.link import named
from pages.ui.compare.results import results_view, settings_with_seeds
from pages.ui.compare.samples import samples_view
from pages.ui.compare.settings import settings_view
from pages.ui.links import page_of
from pages.ui.words import as_text


def comparison_view(runs, reader: Reader, may_change: bool) -> None:
    """Draw the comparison of one to eight runs of a task, live while they train.

    The caller reads the address (`read_address("compare")`) before, and writes it
    after.

    Parameters
    ----------
    runs
        In the order of their letters and colours.
    reader
        The token of their owner, or of a share of them.
    may_change
        Whether the reader may start further runs and open these.
    """
    metrics = metrics_of([points_of(run) for run in runs])
    measures = measures_of(runs[0].task, metrics)
    settings = settings_with_seeds(runs, reader)
    names = short_names(runs)
    chosen = _choose(runs, names, may_change)
    shown = curve_controls(metrics, measures, chosen)
    further = [run for setting in settings for run in setting.runs if run.active]
    live_curves(runs, further, shown)
    settings_view(runs)
    results_view(settings, measures, may_change)
    samples_view(runs, names, reader)


def _choose(runs, names, may_change: bool) -> int | None:
    """Draw the choice of a run, with its details; return its position."""
    letters = LETTERS[: len(runs)]
    chosen = st.pills(
        "Runs",
        list(letters),
        format_func=lambda letter: named(
            letters.index(letter), names[letters.index(letter)]
        ),
        **persistent(bind("compare_chosen", None, list(letters))),
        help="Choose a run here or by its curve, to highlight or open it.",
        wrap=True,
    )
    if chosen is None:
        return None
    place = letters.index(chosen)
    run = runs[place]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{named(place, run.name)}**", width="stretch")
        if may_change:
            page, parameters = page_of(run)
            st.page_link(
                target_of(page),
                label="Open",
                icon=":material/open_in_full:",
                query_params=parameters,
                help="Opens this run on the page of its task.",
            )
    if run.note and may_change:
        st.caption(as_text(run.note))
    return place
