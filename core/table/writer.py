"""Writing tables as CSV that is safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Mapping

FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # a spreadsheet would run such a cell


def write_csv(columns: Mapping[str, Iterable[object]]) -> str:
    """Write columns of equal length, safe to open in a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in zip(*columns.values(), strict=True):
        writer.writerow(map(safe_cell, row))
    return text.getvalue()


def safe_cell(cell: object) -> object:
    """Return a cell as no spreadsheet takes it for a formula: a text after a quote."""
    return f"'{cell}" if isinstance(cell, str) and is_formula(cell) else cell


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet may run a cell; some drop the spaces before it."""
    return cell.startswith(FORMULA) or cell.lstrip().startswith(FORMULA)
