"""Reading the rows: a time and a number each, sorted, and one row for each time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from core.stock.csv.columns import bond_error
from core.stock.csv.table import Table
from core.stock.data.frequency import (
    FREQUENCIES,
    MONTHS,
    SECONDS,
    Frequency,
    find_frequency,
)
from core.stock.data.series import MIN_ROWS
from core.stock.wording import MAX_NAMED, count, format_time, name_rows, quoted
from core.table import Choice, read_answer
from core.table.dates import looks_like_period, read_days
from core.table.numbers import (
    MARKS,
    are_32nds,
    are_percent,
    decimal_mark,
    is_missing,
    notes_on_numbers,
    read_number,
)
from core.task import DataError

MANY = 5  # rows that are not positive, above which the column is wrong
MIN_32NDS = 5  # different decimals of one whole number


@dataclass(frozen=True, kw_only=True, eq=False)
class Rows:
    """Prices as they stand in a file, one a row."""

    days: np.ndarray  # (rows,), datetime64[D], in any order
    seconds: np.ndarray  # time of day (rows,), in seconds
    prices: np.ndarray  # (rows,), or the numbers from which they are computed
    numbers: np.ndarray  # of the rows in the file (rows,)
    cells: np.ndarray  # the prices (rows,) as they are written

    @property
    def times(self) -> np.ndarray:
        """Day and time of day (rows,), datetime64[s]."""
        return np.asarray(self.days.astype("datetime64[s]") + self.seconds)

    def __getitem__(self, order: np.ndarray) -> "Rows":
        return Rows(**{name: column[order] for name, column in vars(self).items()})


def read_rows(
    table: Table,
    date: int,
    price: int,
    dates: str | None,
    decimals: str | None,
    repairs: list[str],
) -> tuple[Rows, tuple[Choice, ...]]:
    """Read the columns of dates and prices, with the answers of the same names.

    Return the rows with a price, and both readings of an ambiguous decimal mark.
    """
    table, dropped = _rows_with_price(table, date, price)
    numbers, written = table.numbers, table.cells(price)
    if are_32nds(written) or (decimals is None and _may_be_32nds(written)):
        raise bond_error(table.columns[price], written[0])
    others = (
        table.cells(c) for c in range(len(table.columns)) if c not in (date, price)
    )
    of_numbers: list[str] = []  # reported after the dates
    mark, alternatives = decimal_mark(
        written,
        numbers,
        others,
        table.cells(date),
        table.delimiter,
        decimals,
        of_numbers,
    )
    percent = are_percent(written)
    cells = [cell.rstrip("% ") for cell in written] if percent else written
    prices = np.array([read_number(cell, mark) for cell in cells])
    if (bad := np.flatnonzero(~np.isfinite(prices))).size:
        raise _not_positive(bad, written, numbers)
    day_cells = table.cells(date)
    days, seconds = read_days(day_cells, numbers, dates, repairs)
    _check_years(day_cells, days)
    repairs += [*of_numbers, *notes_on_numbers(written, numbers)]
    if dropped:
        without = f"{count(len(dropped), 'row')} without a price dropped"
        repairs.append(f"{without} ({name_rows(dropped)}).")
    rows = Rows(
        days=days,
        seconds=seconds,
        prices=prices,
        numbers=np.array(numbers),
        cells=np.array(written, object),
    )
    return rows, alternatives


def _rows_with_price(table: Table, date: int, price: int) -> tuple[Table, list[int]]:
    """Return the rows with a price, and the numbers of those without one."""
    needed = table.frame.iloc[:, [date, price]]
    if (short := needed.isna().any(axis=1).to_numpy()).any():
        row = int(short.argmax())
        expected, found = max(date, price) + 1, table.frame.iloc[row].count()
        raise DataError(
            f"Row {table.numbers[row]}: expected at least {expected} columns, found "
            f"{found}. Complete or remove that row."
        )
    missing = needed.iloc[:, 1].map(is_missing).to_numpy(bool)
    dropped = table.frame.index[missing].tolist()
    if (present := int((~missing).sum())) < MIN_ROWS:
        without = f", and {len(dropped):,} without one" if dropped else ""
        raise DataError(
            f"Expected at least {MIN_ROWS} rows with a price, found {present}"
            f"{without}. Use a longer series."
        )
    return replace(table, frame=table.frame[~missing]), dropped


def _check_years(cells: Sequence[str], days: np.ndarray) -> None:
    """Refuse years or months that recur: the rest of their dates is elsewhere."""
    if looks_like_period(cells[0]) and len(np.unique(days)) < 0.9 * len(days):
        raise DataError(
            f"Expected a date for each row, got {cells[0]!r} and the like, which "
            "recur. Write year, month and day in one column, or keep one row each."
        )


def check_prices(rows: Rows, column: str) -> None:
    """Raise a DataError if a price is not positive and finite."""
    bad = np.flatnonzero(~(np.isfinite(rows.prices) & (rows.prices > 0)))
    if bad.size:
        bad = bad[rows.numbers[bad].argsort()]
        raise _not_positive(bad, rows.cells, rows.numbers, column)


def _not_positive(
    bad: np.ndarray,
    written: Sequence[str] | np.ndarray,
    numbers: Sequence[int] | np.ndarray,
    column: str = "",
) -> DataError:
    cell = str(written[bad[0]])
    first = quoted(cell)
    where = name_rows([int(numbers[row]) for row in bad]).capitalize()
    if bad.size <= MANY or not column:
        expected, rest = "positive prices", " in the first of them"
        if bad.size == 1:
            expected, rest = "a positive price", ""
        advice = (
            "The network learns relative changes, which need prices above zero: leave "
            "such rows out, or use a series above zero."
            if any(read_number(cell, mark) <= 0 for mark in MARKS.values())
            else "Correct or empty such cells: rows without a price are left out."
        )
        message = f"expected {expected}, got {first}{rest}. {advice}"
    else:
        message = (
            f"expected positive prices, got {first} in the first of them: "
            f"{quoted(column)} seems not to hold prices. Choose another column or file."
        )
    return DataError(f"{where}: {message}")


def _may_be_32nds(cells: Sequence[str]) -> bool:
    """Whether decimals never exceed 31 although the prices cross whole numbers."""
    decimals: dict[str, set[str]] = {}
    for cell in cells:
        whole, _, part = cell.partition(".")
        part = part.ljust(2, "0")
        if not (whole + part).isdecimal() or len(part) > 2 or int(part) > 31:
            return False
        decimals.setdefault(whole, set()).add(part)
    return sum(len(found) >= MIN_32NDS for found in decimals.values()) > 1


def sort_rows(rows: Rows, repairs: list[str]) -> Rows:
    """Sort the rows, oldest first; rows of the same time stay in the file's order."""
    steps = np.diff(rows.days.astype(np.int64) * 86_400 + rows.seconds)
    if (steps >= 0).all():
        return rows
    order = np.lexsort((rows.seconds, rows.days))
    was = "the newest came first" if (steps <= 0).all() else "they were not in order"
    repairs.append(f"Rows sorted by date: {was}.")
    return rows[order]


def one_row_each(
    rows: Rows, choice: str | None, repairs: list[str]
) -> tuple[Rows, Frequency]:
    """Keep one of the sorted rows for each time, or for each step of a frequency.

    The frequency is the chosen one, or that of the dates.
    """
    if choice is not None:
        choice = read_answer("frequency", choice, list(FREQUENCIES))
    frequency = FREQUENCIES[choice or find_frequency(rows.times)]
    if choice and frequency.intraday and not rows.seconds.any():
        raise DataError(
            f"frequency: expected days or longer steps, as these dates have no time of "
            f"day, got {choice!r}. Choose daily or a longer one."
        )
    times, thing = (rows.times, "time") if frequency.intraday else (rows.days, "day")
    rows = _last_of_each(rows, times, thing, repairs)
    if choice or _at_any_second(rows, frequency):
        rows = _last_of_each_step(rows, frequency, repairs)
    return rows, frequency


def _at_any_second(rows: Rows, frequency: Frequency) -> bool:
    """Whether prices within days are at irregular times, as trades are."""
    if not frequency.intraday:
        return False
    seconds = frequency.size * SECONDS[frequency.step]
    return len(np.unique(rows.times.astype(np.int64) % seconds)) > 2


def _last_of_each_step(rows: Rows, frequency: Frequency, repairs: list[str]) -> Rows:
    """Drop all but the last row of each step, such as a week or an hour."""
    if frequency.intraday:
        seconds = frequency.size * SECONDS[frequency.step]
        steps = rows.times.astype(np.int64) // seconds
    elif frequency.step in MONTHS:
        months = rows.days.astype("datetime64[M]").astype(np.int64)
        steps = months // MONTHS[frequency.step]
    else:
        days = rows.days.astype(np.int64)
        is_week = frequency.step == "week"  # from Monday; others end on the last day
        steps = (days + 3) // 7 if is_week else (days - days[-1] - 1) // frequency.size
    last = np.append(steps[1:] != steps[:-1], True)
    if not last.all():
        dropped = count(int((~last).sum()), "row")
        repairs.append(
            f"{dropped} dropped: the last price of each {frequency.unit} was kept."
        )
        rows, steps = rows[np.flatnonzero(last)], steps[last]
    if _at_any_second(rows, frequency):
        repairs.append(f"Times set to the start of each {frequency.unit}.")
        rows = replace(rows, seconds=steps * seconds % 86_400)
    return rows


def _last_of_each(rows: Rows, keys: np.ndarray, thing: str, repairs: list[str]) -> Rows:
    """Drop all but the last row of each day or time (rows,), and say which.

    Rows that repeat a day and its price are counted. Days with different prices are
    listed, or only counted if the file has prices within the day.
    """
    columns = ("prices", "seconds", "numbers")
    frame = pd.DataFrame({name: getattr(rows, name) for name in columns})
    groups = frame.groupby(keys, sort=False)
    if groups.ngroups == len(frame):
        return rows
    found = groups.agg(
        rows=("numbers", "size"),
        prices=("prices", "nunique"),
        times=("seconds", "nunique"),
        numbers=("numbers", list),
    )
    repeated = found[(found["rows"] > 1) & (found["prices"] == 1)]
    different = found[found["prices"] > 1]
    if len(repeated):
        dropped = [n for numbers in repeated["numbers"] for n in numbers[:-1]]
        repairs.append(
            f"{count(len(dropped), 'row')} that repeated a {thing} and its price "
            f"dropped ({name_rows(dropped)})."
        )
    if len(different):
        times = different.index.to_numpy(keys.dtype)
        repairs.append(_note_on_different(different, times, thing))
    return rows[np.flatnonzero(np.append(keys[1:] != keys[:-1], True))]


def _note_on_different(different: pd.DataFrame, times: np.ndarray, thing: str) -> str:
    if 2 * (different["times"] == different["rows"]).sum() > len(different):
        return (
            f"{count(len(different), 'day')} had several prices at different times: "
            "this file has prices within the day. The last of each day was kept."
        )
    named = zip(times[:MAX_NAMED], different["numbers"], strict=False)
    listed = "; ".join(f"{format_time(time)} in {name_rows(n)}" for time, n in named)
    rest = len(different) - MAX_NAMED
    more = f"; and {rest:,} more" if rest > 0 else ""
    return (
        f"{count(len(different), thing)} had different prices; the last one in the "
        f"file was kept ({listed}{more})."
    )
