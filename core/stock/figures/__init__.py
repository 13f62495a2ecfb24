"""Plotly figures of a result, each with the text that describes it."""
