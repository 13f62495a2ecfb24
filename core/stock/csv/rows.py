"""Reading the rows: a time and a price each, sorted, and one row for each time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.stock.csv.dates import looks_like_date, read_days
from core.stock.csv.numbers import (
    decimal_mark,
    is_missing,
    notes_on_numbers,
    read_number,
)
from core.stock.csv.question import Answers, Choice, index_of_answer
from core.stock.csv.table import Row, Table, normalised
from core.stock.data.frequency import (
    FREQUENCIES,
    MONTHS,
    SECONDS,
    Frequency,
    find_frequency,
)
from core.stock.data.series import MIN_ROWS
from core.stock.wording import MAX_NAMED, count, format_time, name_rows, quoted
from core.task import DataError


@dataclass(frozen=True, kw_only=True, eq=False)
class Rows:
    """Prices as they stand in a file.

    Attributes
    ----------
    days
        Days (rows,), datetime64[D], in any order.
    seconds
        Time of day (rows,), in seconds.
    prices
        Prices (rows,), positive.
    numbers
        Rows of the file (rows,).
    """

    days: np.ndarray
    seconds: np.ndarray
    prices: np.ndarray
    numbers: np.ndarray

    @property
    def times(self) -> np.ndarray:
        """Day and time of day (rows,), datetime64[s]."""
        return np.asarray(self.days.astype("datetime64[s]") + self.seconds)

    def __getitem__(self, order: np.ndarray) -> "Rows":
        return Rows(
            days=self.days[order],
            seconds=self.seconds[order],
            prices=self.prices[order],
            numbers=self.numbers[order],
        )


def read_rows(
    table: Table, date: int, price: int, answers: Answers
) -> tuple[Rows, list[str], tuple[Choice, ...]]:
    """Read the columns of the dates and prices.

    Returns
    -------
    tuple
        The rows that have a price, what the report says of them, and
        `Decimals.alternatives`.

    Raises
    ------
    Question
        If days or decimals can be read in two ways.
    DataError
        If a cell cannot be read, or if there are too few.
    """
    priced, dropped = _rows_with_price(table, max(date, price) + 1, price)
    numbers = [number for number, _ in priced]
    written = [cells[price] for _, cells in priced]
    columns = range(len(table.columns))
    others = (table.cells(c) for c in columns if c not in (date, price))
    decimals = decimal_mark(written, numbers, others, table.delimiter, answers)
    prices = np.array([read_number(cell, decimals.mark) for cell in written])
    _check_prices(prices, written, numbers)
    days = read_days(_date_cells(table, priced, date), numbers, answers)
    notes = [*days.notes]
    if decimals.note:
        notes.append(decimals.note)
    notes += notes_on_numbers(written, numbers)
    if dropped:
        without = f"{count(len(dropped), 'row')} without a price dropped"
        notes.append(f"{without} ({name_rows(dropped)}).")
    rows = Rows(
        days=days.days, seconds=days.seconds, prices=prices, numbers=np.array(numbers)
    )
    return rows, notes, decimals.alternatives


def _rows_with_price(
    table: Table, width: int, price: int
) -> tuple[list[Row], list[int]]:
    """Return the rows with a price, and the numbers of those without one."""
    priced, dropped = [], []
    for number, cells in table.rows:
        if len(cells) < width:
            raise DataError(
                f"Row {number}: expected at least {width} columns, found "
                f"{len(cells)}. Complete or remove that row."
            )
        if is_missing(cells[price]):
            dropped.append(number)
        else:
            priced.append((number, cells))
    if len(priced) < MIN_ROWS:
        without = f", and {len(dropped):,} without one" if dropped else ""
        raise DataError(
            f"Expected at least {MIN_ROWS} rows with a price, found {len(priced)}"
            f"{without}. Use a longer series."
        )
    return priced, dropped


def _date_cells(table: Table, priced: Sequence[Row], date: int) -> list[str]:
    """Return the cells of the dates, each with that of a column of times if any."""
    cells = [cells[date] for _, cells in priced]
    names = [normalised(name) for name in table.columns]
    if "time" not in names or names.index("time") == date:
        return cells
    time = names.index("time")
    joined = [
        f"{cells[date]} {cells[time] if time < len(cells) else ''}".strip()
        for _, cells in priced
    ]
    return joined if all(map(looks_like_date, joined[:MIN_ROWS])) else cells


def _check_prices(
    prices: np.ndarray, written: Sequence[str], numbers: Sequence[int]
) -> None:
    bad = np.flatnonzero(~(np.isfinite(prices) & (prices > 0))).tolist()
    if not bad:
        return
    first = quoted(written[bad[0]])
    where = name_rows([numbers[row] for row in bad]).capitalize()
    if len(bad) == 1:
        message = f"expected a positive price, got {first}. Correct or remove that row."
    else:
        message = (
            f"expected positive prices, got {first} in the first of them. Correct or "
            "remove those rows."
        )
    raise DataError(f"{where}: {message}")


def sort_rows(rows: Rows) -> tuple[Rows, list[str]]:
    """Sort the rows, oldest first; rows of the same time stay in the file's order."""
    steps = np.diff(rows.days.astype(np.int64) * 86_400 + rows.seconds)
    if (steps >= 0).all():
        return rows, []
    order = np.lexsort((rows.seconds, rows.days))
    was = "the newest came first" if (steps <= 0).all() else "they were not in order"
    return rows[order], [f"Rows sorted by date: {was}."]


def one_row_each(rows: Rows, choice: str | None) -> tuple[Rows, Frequency, list[str]]:
    """Keep one row for each day or time, or for each step that a person chose.

    Parameters
    ----------
    rows
        Sorted.
    choice
        The name of a frequency, or None to find it from the dates.

    Returns
    -------
    tuple
        The rows, their frequency, and what the report says.
    """
    choices = [Choice(value=name, preview="") for name in FREQUENCIES]
    if choice is not None:
        choice = choices[index_of_answer("frequency", choice, choices)].value
    frequency = FREQUENCIES[choice or find_frequency(rows.times)]
    if choice and frequency.intraday and not rows.seconds.any():
        raise DataError(
            f"frequency: expected days or longer steps, as these dates have no time of "
            f"day, got {choice!r}. Choose daily or a longer one."
        )
    if frequency.intraday:
        rows, notes = _last_of_each(rows, rows.times, "time")
    else:
        rows, notes = _last_of_each(rows, rows.days, "day")
    if choice or _at_any_second(rows, frequency):
        rows, dropped = _last_of_each_step(rows, frequency)
        notes += dropped
    return rows, frequency, notes


def _at_any_second(rows: Rows, frequency: Frequency) -> bool:
    """Whether prices within days are at irregular times, as trades are."""
    if not frequency.intraday:
        return False
    seconds = frequency.size * SECONDS[frequency.step]
    return len(np.unique(rows.times.astype(np.int64) % seconds)) > 2


def _last_of_each_step(rows: Rows, frequency: Frequency) -> tuple[Rows, list[str]]:
    """Drop all but the last row of each week, month, hour or whatever a step is."""
    if frequency.intraday:
        seconds = frequency.size * SECONDS[frequency.step]
        steps = rows.times.astype(np.int64) // seconds
    elif frequency.step in MONTHS:
        months = rows.days.astype("datetime64[M]").astype(np.int64)
        steps = months // MONTHS[frequency.step]
    else:
        weeks = frequency.step == "week"
        steps = (rows.days.astype(np.int64) + 3) // (7 if weeks else 1)
    last = np.append(steps[1:] != steps[:-1], True)
    notes, each = [], frequency.one.removeprefix("one ")
    if not last.all():
        dropped = count(int((~last).sum()), "row")
        notes.append(f"{dropped} dropped: the last price of each {each} was kept.")
        rows, steps = rows[np.flatnonzero(last)], steps[last]
    if _at_any_second(rows, frequency):
        notes.append(f"Times set to the start of each {each}.")
        rows = replace(rows, seconds=steps * seconds % 86_400)
    return rows, notes


def _last_of_each(rows: Rows, keys: np.ndarray, thing: str) -> tuple[Rows, list[str]]:
    """Drop all but the last row of each day or time (rows,), and say which.

    Rows that repeat a day and its price are counted. Days with different prices are
    listed, or only counted if the file has prices within the day.
    """
    same = keys[1:] == keys[:-1]
    if not same.any():
        return rows, []
    last = np.append(~same, True)
    groups = np.split(np.arange(len(keys)), np.flatnonzero(~same) + 1)
    repeated: list[int] = []
    different: list[np.ndarray] = []
    for group in groups:
        if len(group) < 2:
            continue
        if (rows.prices[group] == rows.prices[group[-1]]).all():
            repeated.extend(rows.numbers[group[:-1]].tolist())
        else:
            different.append(group)
    notes = []
    if repeated:
        notes.append(
            f"{count(len(repeated), 'row')} that repeated a {thing} and its price "
            f"dropped ({name_rows(repeated)})."
        )
    if different:
        notes.append(_note_on_conflicts(rows, different, thing))
    return rows[np.flatnonzero(last)], notes


def _note_on_conflicts(rows: Rows, groups: Sequence[np.ndarray], thing: str) -> str:
    within = sum(len(np.unique(rows.seconds[group])) == len(group) for group in groups)
    if within > len(groups) / 2:
        return (
            f"{count(len(groups), 'day')} had several prices at different times: this "
            "file has prices within the day. The last of each day was kept."
        )
    times = rows.days if thing == "day" else rows.times
    listed = "; ".join(
        f"{format_time(times[group[0]])} in {name_rows(rows.numbers[group].tolist())}"
        for group in groups[:MAX_NAMED]
    )
    rest = len(groups) - MAX_NAMED
    more = f"; and {rest:,} more" if rest > 0 else ""
    return (
        f"{count(len(groups), thing)} had different prices; the last one in the file "
        f"was kept ({listed}{more})."
    )
