"""Samples or errors of compared networks, and the reach of their gradients."""

import streamlit as st

from core.lesson.figures import errors_figure, influences_figure
from pages.ui.charts import chart, ink
from pages.ui.compare.link import named
from pages.ui.words import as_text

MOST_TEXTS = 6


def samples_view(runs, names, made) -> None:
    """Draw the first samples of each run, and the influence of earlier characters."""
    influences = {}
    with st.grid(min(4, len(runs)), min_column_width=220):
        for place, run in enumerate(runs):
            if (found := made(run, _samples)) is None:
                continue
            samples, parameters, influences[place] = found
            with st.container(border=True):
                st.markdown(named(place, names[place]))
                st.caption(f"{parameters:,} parameters")
                st.markdown("\n".join(f"- {as_text(text)}" for text in samples))
    st.caption("Written at each run's own temperature, from its own seed.")
    if influences:
        st.markdown("**Influence of earlier characters after training**")
        chart(
            influences_figure(influences, ink()),
            "compare_influence",
            "Norm of the gradient of the last hidden state with respect to each "
            "character, against steps back, for each run",
        )


def errors_view(runs, _, made) -> None:
    """Draw the errors on the test sequences."""
    found = {
        place: errors
        for place, run in enumerate(runs)
        if (errors := made(run, _errors))
    }
    chart(
        errors_figure(found, ink()),
        "compare_errors",
        "Errors of the networks of each run on its test sequences",
    )
    st.caption(
        "Predicted minus actual sum on the test sequences, which are drawn from each "
        "run's seed: half of them lie in the box. A network that has learned nothing "
        "answers 1 and errs by up to 1."
    )


def _errors(result):
    return result.errors()


def _samples(result):
    """The first samples, the number of parameters, the influence by lag."""
    after = result.influences()[result.config.cell, "after"]
    return result.samples()[:MOST_TEXTS], result.parameters(), after
