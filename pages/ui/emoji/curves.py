"""Accuracy and loss over the epochs, side by side."""

import streamlit as st

from core.figures import learning_curves
from pages.ui.cache import shared_cache
from pages.ui.charts import PLAIN, ink

PAIRS = {"accuracy": "Accuracy", "loss": "Loss"}


def curves(prefix: str, points) -> None:
    """Draw training (solid) and validation (dashed)."""
    with st.grid(2, min_column_width=260):
        for metric, title in PAIRS.items():
            st.plotly_chart(
                shared_cache(_curve, points, metric, ink()),
                key=f"{prefix}_{metric}",
                theme=None,
                config=PLAIN,
                alt=f"{title} after each epoch, on the training and the validation set",
            )


def _curve(points, metric: str, ink: str):
    lines = {
        name: [
            (point.epoch, point.metrics[name])
            for point in points
            if name in point.metrics
        ]
        for name in (metric, f"val_{metric}")
    }
    figure = learning_curves(lines, ink=ink)
    figure.update_layout(height=280, legend={"entrywidth": 0})
    figure.update_yaxes(title=PAIRS[metric])
    if metric == "accuracy":
        figure.update_yaxes(range=[0, 1.02], tickformat=".0%")
    return figure
