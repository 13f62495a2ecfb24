"""The right column: what the model is worth at a glance, or a training as it runs."""

import streamlit as st

from pages.ui import live
from pages.ui.cache import is_changing
from pages.ui.emoji.curves import curves
from pages.ui.emoji.flips import flips_view
from pages.ui.emoji.judged import Judged, judged, shipped_judged
from pages.ui.emoji.models import Voice, result_of, voice_before


def stage(run, voice: Voice) -> None:
    """Draw the run that this page shows, or the model that ships."""
    if run and is_changing(run):
        live.follow("emoji", run, curves)
        return
    if run is None:
        st.markdown(
            ":blue-badge[:material/school: Example] The bundled model, trained on the "
            "bundled sentences with the default settings."
        )
    else:
        live.ended("emoji", run)
    result = result_of(run)
    if found := judged(voice):
        _glance(found, shipped_judged("v1"))
    if result:
        flips_view(run, voice_before(run), result)


def _glance(found: Judged, v1: Judged) -> None:
    """Four figures, each beside that of the mean of words."""
    with st.grid(4, min_column_width=130):
        _metric(
            "Accuracy",
            found.accuracy.value,
            v1.accuracy.value,
            "Share of the test sentences that get the correct emoji.",
        )
        _metric(
            "Macro-F1",
            found.macro_f1.value,
            v1.macro_f1.value,
            "Mean of F1 over the five emojis; F1 combines precision and recall.",
        )
        _metric(
            "Negations",
            found.negation,
            v1.negation,
            "Accuracy on difficult sentences with not, never or no.",
        )
        st.metric(
            "Calibration error",
            f"{found.calibration.ece:.3f}",
            delta=f"expected by chance: {found.calibration.ece_by_chance:.3f}",
            delta_color="off",
            delta_arrow="off",
            help="Mean difference between confidence and accuracy, and its expected "
            "value if the confidence were exact.",
        )


def _metric(name: str, ours: float | None, theirs: float | None, help: str) -> None:
    st.metric(
        name,
        "–" if ours is None else f"{ours:.1%}",
        delta=None if theirs is None else f"v1: {theirs:.1%}",
        delta_color="off",
        delta_arrow="off",
        help=help + " Below: the baseline v1, the mean of the word vectors.",
    )
