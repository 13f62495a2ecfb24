"""The loss over the epochs, with the line of the Markov baseline."""

import streamlit as st

from core.music.figures import losses, losses_alt
from pages.ui.cache import shared_cache
from pages.ui.charts import PLAIN, ink


def curves(prefix: str, points) -> None:
    """Draw training (solid), validation (dashed), and the baseline."""
    st.plotly_chart(
        shared_cache(losses, points, ink()),
        key=f"{prefix}_curves",
        theme=None,
        config=PLAIN,
        alt=losses_alt(points),
    )
