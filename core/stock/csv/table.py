"""From text to a table: the header, the rows of data, and the text around them."""

import functools
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from core.stock.csv.names import (
    ADJUSTED,
    CLOSE,
    DATE,
    MONTHS,
    PERIODS,
    QUARTERS,
    SECURITIES,
    TIMES,
    WEEKS,
    YEARS,
)
from core.stock.data.series import MAX_ROWS
from core.stock.wording import count, name_rows, quoted
from core.table import MAX_COLUMNS, Cells, Row, divide, normalised, read_text
from core.table.dates import looks_like_date, looks_like_period, month_number
from core.table.numbers import is_missing, is_number
from core.task import DataError

MAX_BYTES = 12_000_000
EXPECTED = (
    "Expected a CSV of prices with the columns Date and Adj Close (or Close), "
    "as Yahoo Finance gives it"
)
MAX_HEADER_LINE = 30  # lines within which the header is looked for
HEADER_LINES = MAX_HEADER_LINE + 3  # with a header of three lines, and sep=;
LEVELS = ("price", "ticker", "symbol", "attributes", "")  # names of a header's levels
MAX_AROUND = 20  # rows at the end that may be a footer; a quarter of it at the start
SAMPLE_ROWS = 50  # that the kind of a column is recognised by
DELIMITER_ROWS = 40  # that the delimiter is recognised by
MAX_SECURITIES = 3  # rows above the names of the columns that may have securities
EVENT = re.compile(
    r"[^a-z]*(dividends?|(stock )?splits?|capital gains?)\W*", re.IGNORECASE
)
MONTH_AND_DAY = re.compile(r"[A-Za-z]{3,9}\.? \d{1,2}(?:\s?[–—-].*\d)?")
# Columns beside that of the year -> the letter before their numbers in a date. Those of
# a period have it in the cell, such as M01.
PARTS = {
    **dict.fromkeys(MONTHS, "M"),
    **dict.fromkeys(QUARTERS, "Q"),
    **dict.fromkeys(WEEKS, "W"),
    "period": "",
}
PART = re.compile(r"(?P<letter>[MQWmqw]?)(?P<number>\d{1,2})(?:\.0)?")
FITS = 0.95  # share of the rows whose low, close and high are in this order
ABOVE = 1.01  # the median of adjusted to plain closes, which rounding may reach
FOLLOWS = 0.25  # changes of adjusted to plain closes, relative to changes of the latter
CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[AaPp]\.?[Mm]\.?)?|\d{3,6}|0")


@dataclass(frozen=True, kw_only=True)
class Table:
    """The cells of a file as text."""

    # Below the names of the columns, None where a row is too short; the index is the
    # row in the file.
    frame: pd.DataFrame
    symbols: list[str]  # the security of each column, "" where the header names none
    delimiter: str

    @property
    def columns(self) -> list[str]:
        """The names."""
        return list(self.frame.columns)

    @functools.cached_property
    def names(self) -> list[str]:
        """The names without case and punctuation."""
        return [normalised(name) for name in self.columns]

    @property
    def numbers(self) -> list[int]:
        """The rows in the file (rows,)."""
        return self.frame.index.tolist()

    def cells(self, column: int) -> list[str]:
        """Return a column (rows,); "" where a row is too short."""
        return self.frame.iloc[:, column].fillna("").tolist()

    def mostly(self, column: int, kind: Callable[[str], bool]) -> bool:
        """Whether at least half of a column's first cells, if not missing, are so."""
        cells = self.frame.iloc[:SAMPLE_ROWS, column].dropna()
        present = [cell for cell in cells if not is_missing(cell)]
        return bool(present) and 2 * sum(map(kind, present)) >= len(present)


@dataclass(frozen=True, kw_only=True)
class _Header:
    """The header of a file."""

    first: int  # index of its first row
    data: int  # of the first row of data; the same without a header
    columns: list[str]
    symbols: list[str] | None = None  # the security of each column, if it names them
    symbols_row: int | None = None  # index of their row, if that is above the header


def read_table(content: bytes, repairs: list[str]) -> Table:
    """Divide a file of prices into cells; refuse one without a table with dates."""
    advice = "Keep the date and price columns only."
    text = read_text(content, MAX_BYTES, EXPECTED, advice)[0]
    if (lines := sum(map(bool, text.splitlines()))) > MAX_ROWS + HEADER_LINES:
        raise DataError(
            f"Expected at most {MAX_ROWS:,} rows, found {lines:,}. "
            "Remove the oldest ones."
        )
    cells = divide(text, _score, notes=repairs)
    rows = _join_dates((n, [c.strip() for c in row]) for n, row in cells.rows())
    header = _find_header(rows)
    above = [
        row for at, row in enumerate(rows[: header.first]) if at != header.symbols_row
    ]
    if skipped := [number for number, _ in above]:
        repairs.append(f"Text above the header left out ({name_rows(skipped)}).")
    if header.first == header.data:
        repairs.append(f"No header: the columns read as {', '.join(header.columns)}.")
    symbols = header.symbols or [""] * len(header.columns)
    data = _rows_of_data(rows[header.data :], header.columns, repairs)
    frame = _frame(data, _unique(header.columns, symbols))
    table = Table(frame=frame, symbols=symbols, delimiter=cells.delimiter)
    return _with_times(_with_periods(_one_row_a_month(table, repairs)))


def _find_header(rows: Sequence[Row]) -> _Header:
    if not rows:
        raise DataError(f"{EXPECTED}, got no rows. Choose another file.")
    for find in (_multilevel, _with_names, _without_header, _above_data):
        if header := find(rows):
            return _with_securities(rows, header)
    shown = ", ".join(rows[0][1][:8])[:80]
    raise DataError(
        f"{EXPECTED}, got no column of dates in the first rows, which begin with "
        f"{shown}. Choose another file, or name the columns in the first row."
    )


def _score(cells: Cells) -> float:
    """Count the rows with a date and a number, then the rows of several cells."""
    rows = [[cell.strip() for cell in row] for row in cells.sample[:DELIMITER_ROWS]]
    several = [row for row in rows if len(row) > 1]
    good = sum(
        any(map(is_date, row[:MAX_COLUMNS])) and sum(map(is_value, row)) >= 2
        for row in several
    )
    return good + len(several) / 1000


def is_value(cell: str) -> bool:
    """Whether a cell is a date, a number, or a mark of a missing value."""
    return looks_like_date(cell) or is_number(cell) or is_missing(cell)


def is_date(cell: str) -> bool:
    """Whether a cell is a date, or a month or year that may be a number."""
    return looks_like_date(cell) or looks_like_period(cell)


def _join_dates(rows: Iterator[Row]) -> list[Row]:
    """Join `Mar 15` and `2024`, a date that a comma divides."""
    joined = []
    for number, cells in rows:
        if len(cells) > 1 and cells[0][:1].isalpha() and cells[1].isdecimal():
            both = f"{cells[0]}, {cells[1]}"
            if MONTH_AND_DAY.fullmatch(cells[0]) and looks_like_date(both):
                cells = [both, *cells[2:]]
        joined.append((number, cells))
    return joined


def _multilevel(rows: Sequence[Row]) -> _Header | None:
    """Find a header of two or three rows, as pandas writes yfinance's."""
    for at in range(1, min(len(rows) - 1, MAX_HEADER_LINE)):
        fields, second = rows[at - 1][1], rows[at][1]
        if len(fields) != len(second) or len(fields) < 2:
            continue
        if fields[0].casefold() not in LEVELS or second[0].casefold() not in LEVELS:
            continue
        if not _names_prices(fields):
            fields, second = second, fields
        if not _names_prices(fields) or _names_prices(second):
            continue
        if any(map(looks_like_date, second)):
            continue
        below = rows[at + 1][1]
        index_row = normalised(below[0]) in DATE and not any(below[1:])
        return _Header(
            first=at - 1,
            data=at + 1 + index_row,
            columns=["Date", *fields[1:]],
            symbols=["", *second[1:]],
        )
    return None


def _names_prices(cells: Sequence[str]) -> bool:
    return any(normalised(cell) in (*ADJUSTED, *CLOSE) for cell in cells[1:])


def _with_names(rows: Sequence[Row]) -> _Header | None:
    """Find a header that names the date and something else.

    Lines such as `Period,Daily` above it name a date, too, but have none below.
    """
    header = None
    dated: list[int] = []  # columns that the header so far calls dates
    for at, (number, cells) in enumerate(rows):
        if any(is_date(cells[c]) for c in dated if c < len(cells)):
            break
        if number > MAX_HEADER_LINE + 1:
            break
        if any(looks_like_date(cell) or is_number(cell) for cell in cells):
            continue
        names = list(map(normalised, cells))
        found = [c for c, name in enumerate(names) if name in (*DATE, *PERIODS)]
        if found and sum(map(bool, names)) > 1:
            header, dated = _Header(first=at, data=at + 1, columns=cells), found
    return header


def _without_header(rows: Sequence[Row]) -> _Header | None:
    """Name the columns of a file whose first row is data."""
    cells = rows[0][1]
    if not _is_data(cells):
        return None
    # A line such as `Start Date,1/1/2020,,` has no price and is above a header.
    if not any(cell and is_number(cell) for cell in cells) and _above_data(rows):
        return None
    names = _names_by_values([row for _, row in rows if len(row) == len(cells)])
    return _Header(first=0, data=0, columns=names)


def _names_by_values(rows: Sequence[Sequence[str]]) -> list[str]:
    """Name columns as open, high, low and close if their values are in that order.

    A later column is the adjusted close if it changes as the close does: far in the
    past it is below the low, and a volume or a mean price of the day is not it. A
    turnover that is a multiple of the close is not it either, as it lies above it.
    """
    names = [f"Column {number}" for number in range(1, len(rows[0]) + 1)]
    date = next(c for c, cell in enumerate(rows[0]) if looks_like_date(cell))
    values = pd.DataFrame(rows).apply(pd.to_numeric, errors="coerce").to_numpy(float)
    values = np.where(np.isfinite(values) & (values > 0), values, np.nan)
    for first in range(date + 1, len(names) - 3):
        start, high, low, close = values[:, first : first + 4].T
        given = ~np.isnan(high + low + close)
        inside = (low <= close) & (close <= high) & ~(start > high)
        if given.any() and inside[given].mean() >= FITS:
            names[date] = "Date"
            names[first : first + 4] = "Open", "High", "Low", "Close"
            later = range(first + 4, len(names))
            adjusted = (c for c in later if _follows(values[:, c], close))
            for c in itertools.islice(adjusted, 1):
                names[c] = "Adj Close"
            break
    return names


def _follows(values: np.ndarray, close: np.ndarray) -> bool:
    """Whether a column (rows,) changes as the close does, but for dividends."""
    given = ~np.isnan(close)
    logs, ratios = np.log(close[given]), np.log(values[given] / close[given])
    changes = np.abs(np.diff(ratios))
    if np.isnan(ratios).mean() > 1 - FITS or np.nanmedian(ratios) > np.log(ABOVE):
        return False
    return bool(np.nansum(changes) < FOLLOWS * np.abs(np.diff(logs)).sum())


def _with_securities(rows: Sequence[Row], header: _Header) -> _Header:
    """Add the securities that stand in a row above the columns' names, as Bloomberg's.

    They stand above the first of their columns, or above dates of their own.
    """
    below = (cells for _, cells in rows[header.data :][: MAX_AROUND // 4])
    data = next((cells for cells in below if any(map(looks_like_date, cells))), [])
    dates = [c for c, cell in enumerate(data) if looks_like_date(cell)]
    if header.symbols or header.first == header.data or not dates:
        return header
    columns, last = header.columns, header.data - 1
    for at in range(last, max(last - MAX_SECURITIES, 0) - 1, -1):
        names = [*rows[at][1], *[""] * len(columns)][: len(columns)]
        if any(map(is_value, filter(None, names))):
            continue
        if len(dates) > 1 and [c for c, name in enumerate(names) if name] == dates:
            if at == last:
                columns = ["Date" if name else "Price" for name in names]
            symbols = _filled(names)
            return replace(header, columns=columns, symbols=symbols, symbols_row=at)
        if at < last and (heading := _with_names_above(names, columns, dates[0])):
            columns, symbols = heading
            return replace(header, columns=columns, symbols=symbols, symbols_row=at)
    return header


def _with_names_above(
    names: Sequence[str], columns: Sequence[str], date: int
) -> tuple[list[str], list[str]] | None:
    """Return the columns and their securities by the names above, or None.

    Columns whose own names tell them apart do not need the names above them.
    """
    others = [c for c in range(len(columns)) if c != date]
    own = [columns[c] for c in others]
    distinct = len(own) > 1 and all(own) and len(set(own)) == len(own)
    if distinct or normalised(names[date]) not in SECURITIES:
        return None
    above = ["" if c == date else name for c, name in enumerate(names)]
    below = ["" if c == date else name for c, name in enumerate(columns)]
    symbols, fields = _filled(above), _filled(below) if any(own) else above
    pairs = {(fields[c], symbols[c]) for c in others if symbols[c]}
    if len(pairs) < len(others):
        return None
    fields[date], symbols[date] = columns[date], ""
    return fields, symbols


def _filled(cells: Sequence[str]) -> list[str]:
    """Put the text before them into empty cells, which were merged in a sheet."""
    filled: list[str] = []
    for cell in cells:
        filled.append(cell or (filled[-1] if filled else ""))
    return filled


def _is_data(cells: Sequence[str]) -> bool:
    """Whether a row has a date, and besides it a number or a missing value."""
    dates = sum(map(looks_like_date, cells))
    return dates > 0 and sum(map(is_value, cells)) > dates


def _above_data(rows: Sequence[Row]) -> _Header | None:
    """Take the row above the first row of data as the header, if it is words."""
    for at in range(1, min(len(rows), MAX_HEADER_LINE + 1)):
        cells, above = rows[at][1], rows[at - 1][1]
        # Of a column without a name: months as 202001.
        period = not above[0] and looks_like_period(cells[0])
        data = _is_data(cells) or (period and all(map(is_value, cells[1:])))
        words = not any(map(is_value, filter(None, above)))
        if data and len(above) > 1 and words:
            return _Header(first=at - 1, data=at, columns=above)
    return None


def _rows_of_data(
    rows: Sequence[Row], columns: Sequence[str], repairs: list[str]
) -> list[Row]:
    """Leave out footers, units, repeated headers, and dividends; say what was."""
    middle = rows[len(rows) // 2][1] if rows else []
    date = next((c for c, cell in enumerate(middle) if is_date(cell)), 0)
    # Securities with dates of their own may begin and end at different rows.
    name = columns[date] if date < len(columns) else ""
    dates = {date, *(c for c, other in enumerate(columns) if name and other == name)}

    def is_no_data(row: Row) -> bool:
        return all(_is_no_data(row[1], column) for column in dates)

    above = itertools.takewhile(is_no_data, rows[: MAX_AROUND // 4])
    below = itertools.takewhile(is_no_data, rows[: -MAX_AROUND - 1 : -1])
    first, last = len(list(above)), len(rows) - len(list(below))
    if first < last < len(rows) + first:
        around = [*rows[:first], *rows[last:]]
        shown = next(cell for cell in around[0][1] if cell)
        repairs.append(
            f"Text around the prices left out ({name_rows([n for n, _ in around])}: "
            f"{quoted(shown)})."
        )
        rows = rows[first:last]
    data, events, again = [], [], []
    for number, cells in rows:
        if cells == columns:
            again.append(number)
        elif not (len(cells) >= len(columns) and all(cells)) and _is_event(cells):
            events.append(number)
        else:
            data.append((number, cells))
    if again:
        repairs.append(f"Repeated header left out ({name_rows(again)}).")
    if events:
        what = count(len(events), "row")
        repairs.append(f"{what} of dividends or splits left out ({name_rows(events)}).")
    return data


def _is_event(cells: Sequence[str]) -> bool:
    """Whether a row has a dividend or a split, and no price."""
    return any(map(EVENT.fullmatch, cells)) and not any(map(is_number, cells[1:]))


def _is_no_data(cells: Sequence[str], date: int) -> bool:
    """Whether a row is text or a summary such as an average, without a date."""
    cell = cells[date] if date < len(cells) else ""
    if cell and (is_date(cell) or is_missing(cell)):
        return False
    alone = sum(map(bool, cells)) == 1
    return not cell or alone or re.search(r"[^\W\d_]{3}", cell) is not None


def _frame(rows: list[Row], columns: list[str]) -> pd.DataFrame:
    """Put rows into columns; refuse wider ones, but for R's unnamed row numbers."""
    width = len(columns)
    longer = [row for row in rows if any(row[1][width:])]
    if len(longer) == len(rows) and all(
        len(cells) == width + 1 and cells[0].isdecimal() for _, cells in rows
    ):
        rows = [(number, cells[1:]) for number, cells in rows]
    elif longer:
        number, cells = longer[0]
        raise DataError(
            f"Row {number}: expected {width} cells as in the header, found "
            f"{len(cells)}, the last of them {quoted(cells[-1])}. If the decimal "
            "mark is a comma, put the numbers in quotation marks or divide the cells "
            "by semicolons."
        )
    full = [cells[:width] + [None] * (width - len(cells)) for _, cells in rows]
    return pd.DataFrame(full, index=[n for n, _ in rows], columns=columns, dtype=object)


def _unique(columns: Sequence[str], symbols: Sequence[str]) -> list[str]:
    """Append numbers to the names of a symbol's columns that are the same."""
    seen: dict[tuple[str, str], int] = {}
    names = []
    for place, (name, symbol) in enumerate(zip(columns, symbols, strict=True), start=1):
        name = name or f"Column {place}"
        seen[name, symbol] = times = seen.get((name, symbol), 0) + 1
        names.append(name if times == 1 else f"{name} ({times})")
    return names


def _one_row_a_month(table: Table, repairs: list[str]) -> Table:
    """Turn a table of years by months into a row for each month."""
    months = {month_number(name): c for c, name in enumerate(table.columns)}
    if set(months) - {0} != set(range(1, 13)) or table.names[0] not in PERIODS:
        return table
    years, rows = table.cells(0), range(len(table.frame))
    pairs = [
        (f"{years[row][:4]}-{month:02d}", table.cells(months[month])[row])
        for row in rows
        for month in range(1, 13)
    ]
    frame = pd.DataFrame(
        pairs, index=table.frame.index.repeat(12), columns=["Date", "Price"]
    )
    repairs.append("A table of years by months: each cell is the price of its month.")
    return replace(table, frame=frame, symbols=["", ""])


def _with_periods(table: Table) -> Table:
    """Join a year and its month, quarter or week, in columns of their own, to dates.

    The month may have a day in a third column. The dates stand in the year's column,
    and the others go.
    """
    names = table.names
    year = next((c for c, name in enumerate(names) if name in YEARS), None)
    part = next((c for c, name in enumerate(names) if name in PARTS), None)
    if year is None or part is None or set(names) & set(DATE[:2]):
        return table
    letter = PARTS[names[part]]
    places = [year, part]
    if "day" in names and letter in ("", "M"):
        places.append(names.index("day"))
    rows = zip(*map(table.cells, places), strict=True)
    joined = [_date_of_parts(letter, *row) for row in rows]
    if 2 * sum(map(looks_like_date, joined[:SAMPLE_ROWS])) < len(joined[:SAMPLE_ROWS]):
        return table
    rest = [c for c in range(len(names)) if c not in places[1:]]
    dated = _with_dates(table, year, joined)
    symbols = [table.symbols[c] for c in rest]
    return replace(dated, frame=dated.frame.iloc[:, rest], symbols=symbols)


def _date_of_parts(letter: str, year: str, part: str, day: str = "") -> str:
    """Return `2000Q3` of a quarter, `2000-03-31` of a month and its day.

    The letter of the part is M, Q or W, or "" where the cell begins with it.
    """
    year = year.removesuffix(".0")
    match = PART.fullmatch(part)
    if match is None:  # a month by its name
        return " ".join(filter(None, (day, part, year)))
    number = int(match["number"])
    letter = match["letter"].upper() or letter
    if letter == "M":
        days = f"-{day.removesuffix('.0').zfill(2)}" if day else ""
        return f"{year}-{number:02d}{days}"
    return f"{year}{letter}{number}" if letter else ""


def _with_dates(table: Table, column: int, cells: list[str]) -> Table:
    frame = table.frame.copy()
    frame.isetitem(column, np.array(cells, object))
    return replace(table, frame=frame)


def _with_times(table: Table) -> Table:
    """Join a column of times of day to the dates, often in the column before it."""
    head = [
        [cell for cell in table.frame.iloc[:100, c].dropna() if cell]
        for c in range(len(table.columns))
    ]
    for c, sample in enumerate(head):
        named = table.names[c] in TIMES or (
            table.columns[c] == f"Column {c + 1}" and ":" in "".join(sample)
        )
        if not (named and sample and all(map(CLOCK.fullmatch, sample))):
            continue
        for place in (max(c - 1, 0), *range(len(head))):
            if head[place] and all(
                len(cell) <= 20 and looks_like_date(cell) for cell in head[place]
            ):
                pairs = zip(table.cells(place), table.cells(c), strict=True)
                return _with_dates(table, place, [_joined(*pair) for pair in pairs])
    return table


def _joined(date: str, clock: str) -> str:
    if clock.isdecimal():  # 930 or 93000
        clock = clock.zfill(4 if len(clock) < 5 else 6)
    return f"{date} {clock}".strip()
