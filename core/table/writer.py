"""Writing tables as CSV that is safe to open in a spreadsheet."""

import csv
import io
import re
import time
from collections.abc import Iterable, Mapping

FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # a spreadsheet would run such a cell
NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?([eE][+-]?[0-9]+)?")


def write_csv(columns: Mapping[str, Iterable[object]]) -> str:
    """Write columns of equal length below their names."""
    return write_rows([columns, *zip(*columns.values(), strict=True)])


def write_rows(
    rows: Iterable[Iterable[object]], delimiter: str = ",", line_end: str = "\n"
) -> str:
    """Write rows of cells; a text that a spreadsheet would run comes after a quote."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end)
    for row in rows:
        writer.writerow(
            f"'{cell}" if isinstance(cell, str) and is_formula(cell) else cell
            for cell in row
        )
    return text.getvalue()


def utc(moment: float) -> str:
    """Return seconds since 1970 as a cell that spreadsheets read as a time."""
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(moment))


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet may run a cell; some drop the spaces before it."""
    starts = cell.startswith(FORMULA) or cell.lstrip().startswith(FORMULA)
    return starts and NUMBER.fullmatch(cell) is None
