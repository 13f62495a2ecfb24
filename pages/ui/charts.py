"""Charts and key figures in the style of all pages."""

import streamlit as st

from core.figures.palette import INK_DARK, INK_LIGHT

# Buttons of a chart that is pointed at or touched.
PLAIN = {"modeBarButtons": [["toImage"]]}
ZOOMABLE = {"modeBarButtonsToRemove": ["select2d", "lasso2d"]}


def theme() -> str:
    """The mode of the page: `dark` or `light`."""
    return "dark" if st.context.theme.type == "dark" else "light"


def ink() -> str:
    """The colour of text, axes and actual values, in light or dark mode."""
    return INK_DARK if theme() == "dark" else INK_LIGHT


def chart(figure, key: str, alt: str, *, zoom: bool = False) -> None:
    """Draw a Plotly figure, with `alt` for screen readers.

    A button in the chart saves it as an SVG, named after its key.
    """
    st.plotly_chart(
        figure,
        key=key,
        theme=None,
        config={
            "responsive": True,
            "displaylogo": False,
            **(ZOOMABLE if zoom else PLAIN),
            # Without sizes of its own the file has those of the chart on the page.
            "toImageButtonOptions": {
                "format": "svg",
                "filename": key,
                "width": None,
                "height": None,
            },
        },
        alt=alt,
    )


def metric(label: str, value: str, comparison: str | None, help: str | None) -> None:
    """Draw one key figure, with its comparison below."""
    st.metric(
        label,
        value,
        delta=comparison,
        delta_color="off",
        delta_arrow="off",
        help=help,
    )
