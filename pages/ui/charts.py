"""Charts and key figures, drawn in the same way on every page."""

from pathlib import Path

import streamlit as st

from core.palette import INK_DARK, INK_LIGHT

PLAIN = {"displayModeBar": False, "responsive": True}
ZOOMABLE = {
    "displaylogo": False,
    "responsive": True,
    "modeBarButtonsToRemove": ["select2d", "lasso2d", "toImage"],
}

_figure_files = st.components.v2.component(
    "figure_files",
    css=(Path(__file__).parent / "figure_files.css").read_text(),
    js=(Path(__file__).parent / "figure_files.js").read_text(),
    isolate_styles=False,  # the buttons are in the charts
)


def offer_figure_files() -> None:
    """Have each chart of the page offer itself as SVG and as PNG, made by the browser.

    In the files text is dark and the background white, as paper is.
    """
    _figure_files(key="figure_files", data=[INK_DARK, INK_LIGHT])


def theme() -> str:
    """The mode of the page: `dark` or `light`."""
    return "dark" if st.context.theme.type == "dark" else "light"


def ink() -> str:
    """The colour of text, axes and actual values, in light or dark mode."""
    return INK_DARK if theme() == "dark" else INK_LIGHT


def chart(
    figure, key: str, alt: str, *, zoom: bool = False, on_select="ignore"
) -> None:
    """Draw a Plotly figure; `alt` is what a screen reader says instead of it.

    `on_select` is called when somebody chooses a point.
    """
    st.plotly_chart(
        figure,
        key=key,
        theme=None,
        config=ZOOMABLE if zoom else PLAIN,
        alt=alt,
        on_select=on_select,
        selection_mode="points",
    )


def metric(label: str, value: str, comparison: str | None, help: str | None) -> None:
    """Draw one key figure, with what it is compared with beneath it."""
    st.metric(
        label,
        value,
        delta=comparison,
        delta_color="off",
        delta_arrow="off",
        help=help,
    )
