"""Columns as text: what a person takes away."""

import csv
import io
from collections.abc import Mapping

import numpy as np


def table(columns: Mapping[str, np.ndarray]) -> str:
    """Write columns as CSV, the first as it is and the numbers with eight digits."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for first, *values in zip(*columns.values(), strict=True):
        writer.writerow([str(first), *(f"{value:.8g}" for value in values)])
    return text.getvalue()
