"""From text to a table: the header, the rows of data, and the text around them."""

import csv
import dataclasses
import functools
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.stock.csv.dates import looks_like_date, looks_like_month
from core.stock.csv.numbers import is_missing, is_number
from core.stock.csv.text import EXPECTED, find_delimiter, is_value
from core.stock.wording import count, name_rows, quoted
from core.task import DataError

MAX_HEADER_LINE = 10  # lines within which the header is looked for
LEVELS = ("price", "ticker", "symbol", "attributes", "")  # names of a header's levels
# Names of columns as `normalised` returns them.
DATE = (
    "date",
    "datetime",
    "date time",
    "trade date",
    "trading date",
    "trading day",
    "day",
    "observation date",
    "timestamp",
    "time",
    "open time",
    "opentime",
    "unix",
    "unix timestamp",
    "unix time",
    "time period",
    "caldt",
    "pricing date",
    "value date",
    "datum",
    "fecha",
    "data",
    "date de séance",
    "tarih",
    "dato",
    "päivämäärä",
    "дата",
    "日付",
    "日付け",
    "日期",
    "交易日期",
    "날짜",
    "일자",
)
MONTHS = ("month", "year month", "yyyymm", "period", "monat", "mois", "mes", "mese")
TIMES = (
    "time",
    "hour",
    "uhrzeit",
    "zeit",
    "heure",
    "hora",
    "ora",
    "时间",
    "時刻",
    "시간",
)
ADJUSTED = (
    "adj close",
    "adjusted close",
    "adjclose",
    "close adj",
    "close adjusted",
    "adj closing price",
    "adjusted closing price",
    "adj price",
    "adj close adjusted close price adjusted for splits and dividend and or capital "
    "gain distributions",
    "調整後終値",
    "调整后收盘价",
)
CLOSE = (
    "close",
    "close last",
    "close price",
    "closing price",
    "close close price adjusted for splits",
    "price",
    "last",
    "last price",
    "px last",
    "px close",
    "trade close",
    "last traded price",
    "price close",
    "official close",
    "share price",
    "stock price",
    "settle",
    "settlement price",
    "settle price",
    "nav",
    "net asset value",
    "schlusskurs",
    "schluss",
    "kurs",
    "zuletzt",
    "schlusspreis",
    "cierre",
    "último",
    "ultimo",
    "precio",
    "dernier",
    "clôture",
    "clot",
    "cloture",
    "cours",
    "chiusura",
    "prezzo",
    "fechamento",
    "preço",
    "slotkoers",
    "koers",
    "laatste",
    "zamkniecie",
    "zamknięcie",
    "kapanış",
    "şimdi",
    "senast",
    "sista",
    "siste",
    "slutkurs",
    "lukkekurs",
    "цена",
    "закрытие",
    "終値",
    "收盘价",
    "收盘",
    "收盤價",
    "종가",
)
MAX_AROUND = 20  # rows at the end that may be a footer; a quarter of it at the start
EVENT = re.compile(
    r"[^a-z]*(dividends?|(stock )?splits?|capital gains?)\W*", re.IGNORECASE
)
MONTH_AND_DAY = re.compile(r"[A-Za-z]{3,9}\.? \d{1,2}")
CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[AaPp]\.?[Mm]\.?)?|\d{3,6}|0")
# Of files without a header: those of Yahoo Finance, and of Binance.
YAHOO = ["Date", "Open", "High", "Low", "Close", "Adj Close", "Volume"]
BINANCE = [
    "Open time",
    "Open",
    "High",
    "Low",
    "Close",
    "Volume",
    "Close time",
    "Quote volume",
    "Number of trades",
    "Taker base volume",
    "Taker quote volume",
    "Ignore",
]

Row = tuple[int, list[str]]  # line number in the file, and its cells


@dataclass(frozen=True, kw_only=True)
class Table:
    """The cells of a file, under the names of their columns.

    Attributes
    ----------
    columns
        Names, all different.
    symbols
        The security that each column belongs to, or "" where the header names none.
    rows
        Rows of data, none of them blank.
    delimiter
        Of the cells.
    notes
        What the report says of the reading.
    """

    columns: list[str]
    symbols: list[str]
    rows: list[Row]
    delimiter: str
    notes: tuple[str, ...] = ()

    def cells(self, column: int) -> Sequence[str]:
        """Return a column (rows,); "" where a row is too short."""
        return self._cells[column]

    @functools.cached_property
    def _cells(self) -> list[tuple[str, ...]]:
        width = len(self.columns)
        full = (
            cells if len(cells) >= width else [*cells, *[""] * (width - len(cells))]
            for _, cells in self.rows
        )
        return list(zip(*full, strict=False)) or [()] * width


def normalised(name: str) -> str:
    """Return a column's name without case and punctuation: `<CLOSE>` is `close`."""
    plain = re.sub(r"^\d+[a-z]?\.\s", "", name.casefold())  # 4. close
    return re.sub(r"[\W_]+", " ", plain).strip()


def read_table(text: str) -> Table:
    """Divide a file into cells.

    Raises
    ------
    DataError
        If it has no rows, or nothing in it is a table with dates.
    """
    delimiter, body, notes = find_delimiter(text)
    rows = _join_dates(_rows(body, delimiter, first=1 + bool(notes)))
    if not rows:
        raise DataError(f"{EXPECTED}, got no rows. Choose another file.")
    for find in (_multilevel, _with_names, _without_header, _above_data):
        if header := find(rows):
            break
    else:
        shown = ", ".join(rows[0][1][:8])[:80]
        raise DataError(
            f"{EXPECTED}, got no column of dates in the first rows, which begin with "
            f"{shown}. Add a header, or choose another file."
        )
    skipped = [number for number, _ in rows[: header.first]]
    if skipped:
        notes.append(f"Text above the header left out ({name_rows(skipped)}).")
    if header.first == header.data:
        notes.append(f"No header: the columns read as {', '.join(header.columns)}.")
    symbols = header.symbols or [""] * len(header.columns)
    data, left_out = _rows_of_data(rows[header.data :], header.columns)
    table = Table(
        columns=_unique(header.columns, symbols),
        symbols=symbols,
        rows=_check_width(data, len(header.columns)),
        delimiter=delimiter,
        notes=(*notes, *left_out),
    )
    return _with_times(table)


@dataclass(frozen=True, kw_only=True)
class _Header:
    """The header of a file.

    Attributes
    ----------
    first, data
        Index of its first row and of the first row of data; the same without header.
    columns, symbols
        Names of the columns, and the security of each, if the header names them.
    """

    first: int
    data: int
    columns: list[str]
    symbols: list[str] | None = None


def _rows(text: str, delimiter: str, first: int) -> Iterator[Row]:
    """Yield rows that are not blank."""
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                yield reader.line_num + first - 1, stripped
    except csv.Error as error:
        raise DataError(
            f"Row {reader.line_num}: expected cells divided by {delimiter!r}, got a "
            f"row that cannot be read ({error}). Correct or remove it."
        ) from error


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


def _rows_of_data(
    rows: Sequence[Row], columns: Sequence[str]
) -> tuple[list[Row], list[str]]:
    """Leave out footers, units, repeated headers, and dividends; say what was."""
    first, last = 0, len(rows)
    middle = rows[len(rows) // 2][1] if rows else []
    date = next((c for c, cell in enumerate(middle) if _is_date_or_month(cell)), 0)
    while first < min(len(rows), MAX_AROUND // 4) and _is_no_data(rows[first][1], date):
        first += 1
    while (
        len(rows) - last < MAX_AROUND
        and last > first
        and _is_no_data(rows[last - 1][1], date)
    ):
        last -= 1
    around = [*rows[:first], *rows[last:]]
    notes = []
    if around and first < last:
        shown = next(cell for cell in around[0][1] if cell)
        notes.append(
            f"Text around the prices left out ({name_rows([n for n, _ in around])}: "
            f"{quoted(shown)})."
        )
    elif around:
        first, last = 0, len(rows)  # nothing but text: what is wrong is said later
    names, data, events, again = list(columns), [], [], []
    for number, cells in rows[first:last]:
        if cells == names:
            again.append(number)
        elif not (len(cells) >= len(names) and all(cells)) and _is_event(cells):
            events.append(number)
        else:
            data.append((number, cells))
    if again:
        notes.append(f"Repeated header left out ({name_rows(again)}).")
    if events:
        what = count(len(events), "row")
        notes.append(f"{what} of dividends or splits left out ({name_rows(events)}).")
    return data, notes


def _is_event(cells: Sequence[str]) -> bool:
    """Whether a row has a dividend or a split, and no price."""
    return any(map(EVENT.fullmatch, cells)) and not any(map(is_number, cells[1:]))


def _is_date_or_month(cell: str) -> bool:
    return looks_like_date(cell) or looks_like_month(cell)


def _is_no_data(cells: Sequence[str], date: int) -> bool:
    """Whether a row is text or a summary such as an average, without a date."""
    cell = cells[date] if date < len(cells) else ""
    if cell and (_is_date_or_month(cell) or is_missing(cell)):
        return False
    alone = sum(map(bool, cells)) == 1
    return not cell or alone or re.search(r"[^\W\d_]{3}", cell) is not None


def _with_times(table: Table) -> Table:
    """Join a column of times of day to the dates, which are in the column before it."""
    for c, name in enumerate(table.columns[1:], start=1):
        sample = [cell for cell in table.cells(c)[:100] if cell]
        before = [cell for cell in table.cells(c - 1)[:100] if cell]
        named = normalised(name) in TIMES
        if (
            (named or (name == f"Column {c + 1}" and ":" in "".join(sample)))
            and sample
            and all(map(CLOCK.fullmatch, sample))
            and all(len(cell) <= 20 and looks_like_date(cell) for cell in before)
        ):
            rows = [
                (number, _join_time(cells, c) if len(cells) > c else cells)
                for number, cells in table.rows
            ]
            return dataclasses.replace(table, rows=rows)
    return table


def _join_time(cells: list[str], column: int) -> list[str]:
    clock = cells[column]
    if clock.isdecimal():  # 930 or 93000
        clock = clock.zfill(4 if len(clock) < 5 else 6)
    if not clock:
        return cells
    return [*cells[: column - 1], f"{cells[column - 1]} {clock}", *cells[column:]]


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
    """Find a header that names the date and something else."""
    for at, (number, cells) in enumerate(rows[:MAX_HEADER_LINE]):
        names = [normalised(cell) for cell in cells]
        if number > MAX_HEADER_LINE + 1:
            break
        if any(looks_like_date(cell) or is_number(cell) for cell in cells):
            continue
        if any(name in DATE for name in names) and sum(map(bool, names)) > 1:
            return _Header(first=at, data=at + 1, columns=cells)
    return None


def _without_header(rows: Sequence[Row]) -> _Header | None:
    """Name the columns of a file whose first row is data."""
    cells = rows[0][1]
    if not _is_data(cells):
        return None
    if len(cells) == len(YAHOO) and looks_like_date(cells[0]) and ":" not in cells[1]:
        names = YAHOO
    elif len(cells) == len(BINANCE):
        names = BINANCE
    else:
        names = [f"Column {number}" for number in range(1, len(cells) + 1)]
    return _Header(first=0, data=0, columns=names)


def _is_data(cells: Sequence[str]) -> bool:
    """Whether a row has a date, and besides it a number or a missing value."""
    dates = sum(map(looks_like_date, cells))
    return dates > 0 and sum(map(is_value, cells)) > dates


def _above_data(rows: Sequence[Row]) -> _Header | None:
    """Take the row above the first row of data as the header, if it is words."""
    for at in range(1, min(len(rows), MAX_HEADER_LINE + 1)):
        cells, above = rows[at][1], rows[at - 1][1]
        if _is_data(cells):
            if len(above) > 1 and not any(map(is_value, filter(None, above))):
                return _Header(first=at - 1, data=at, columns=above)
            return None
    return None


def _check_width(rows: list[Row], width: int) -> list[Row]:
    """Refuse rows wider than the header, but for R's unnamed row numbers."""
    longer = [row for row in rows if any(row[1][width:])]
    if len(longer) == len(rows) and all(
        len(cells) == width + 1 and cells[0].isdecimal() for _, cells in rows
    ):
        return [(number, cells[1:]) for number, cells in rows]
    if longer:
        number, cells = longer[0]
        raise DataError(
            f"Row {number}: expected {width} cells as in the header, found "
            f"{len(cells)}, the last of them {quoted(cells[-1])}. If the decimal "
            "mark is a comma, put the numbers in quotation marks or divide the cells "
            "by semicolons."
        )
    return rows


def _unique(columns: Sequence[str], symbols: Sequence[str]) -> list[str]:
    """Append numbers to the names of a symbol's columns that are the same."""
    seen: dict[tuple[str, str], int] = {}
    names = []
    for place, (name, symbol) in enumerate(zip(columns, symbols, strict=True), start=1):
        name = name or f"Column {place}"
        seen[name, symbol] = times = seen.get((name, symbol), 0) + 1
        names.append(name if times == 1 else f"{name} ({times})")
    return names
