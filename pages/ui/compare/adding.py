"""The errors of the networks of each run of the adding problem."""

import streamlit as st

from core.comparison.figures import adding_errors, errors_figure
from pages.ui.charts import chart, ink


def errors_view(runs, _, made) -> None:
    """Draw the errors on the test sequences."""
    found = {
        place: errors
        for place, run in enumerate(runs)
        if (errors := made(run, adding_errors))
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
