"""How this page draws its charts, and how it writes a share."""

import streamlit as st

from pages.ui.cache import shared_cache
from pages.ui.charts import PLAIN, ZOOMABLE, ink

YEAR = 250  # trading days
# At the top of the figure whatever its height, in as few rows as its width allows.
LEGEND = {"yref": "container", "y": 1, "yanchor": "top", "entrywidth": 0}
SPANS = ("Last year", "Whole test", "All")


def days_of(span: str, test_days: int) -> int | None:
    """How many days of the test part a span is; None is all, and the past before."""
    return {SPANS[0]: YEAR, SPANS[1]: test_days}.get(span)


def chart(name: str, draw, result, *wishes, alt: str, height: int, zoom=False) -> None:
    """Draw a figure of a result, in this page's ink, under the key `stock_<name>`."""
    st.plotly_chart(
        shared_cache(_laid_out, result, draw, ink(), height, wishes),
        key=f"stock_{name}",
        theme=None,
        config=ZOOMABLE if zoom else PLAIN,
        alt=alt,
    )


def _laid_out(result, draw, ink: str, height: int, wishes: tuple):
    return draw(result, ink, *wishes).update_layout(height=height, legend=LEGEND)
