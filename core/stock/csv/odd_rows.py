"""Dates years away, rows of zeros, filled rows and outliers.

Weekends that repeat Friday's price are left out. Dates years from their neighbours,
zeros on closed days, a series filled forward to days, and outliers raise a question.
Constant tails and future dates are reported, not changed.
"""

import datetime

import numpy as np

from core.stock.csv.rows import Rows
from core.stock.data.frequency import FREQUENCIES, find_frequency
from core.stock.wording import MAX_NAMED, count, format_time, name_rows
from core.table import Choice, Question, read_answer

# Days from a mistyped year to its neighbours; of sparse rows, so many usual steps.
FAR_DAYS, FAR_STEPS = 300, 3
MAX_FAR_DATES, FAR_SHARE = 3, 0.01  # rows of such dates; in long files, their share
YEARS = ("drop", "keep")  # answers
MIN_ZEROS = 6  # on weekdays; fewer are wrong cells
MAX_ZEROS = 0.5  # share of the rows: above it, days are usually zero
ZEROS = ("drop",)  # answers
MIN_WEEKEND = 8  # rows on weekends, from which a habit can be told
FILLED = 0.95  # share of these that repeat the price before, if they are filled in
OWN_CHANGES = 0.5  # share of the other rows whose price differs from the one before
CONSTANT_END = 20  # equal last prices
MIN_CHANGES = 20  # of a series filled forward
REPEATED = 0.55  # share of the rows of such a series that repeat the price before
REGULAR, SLACK = 0.9, 0.2  # share of its changes that are evenly far apart, within this
FAR = 5.0  # times its neighbours' price: an outlier
CALM = 1.5  # times each other: neighbours of an outlier
MAX_OUTLIERS = 0.01  # share of the rows: with more, they are the nature of the series
OUTLIERS = ("drop", "keep")  # answers


def without_far_dates(rows: Rows, answer: str | None, repairs: list[str]) -> Rows:
    """Drop or keep rows dated years away from their neighbours, or ask.

    Rows are in the order of the file; if that is no order, by date.
    """
    answer = answer and read_answer("years", answer, YEARS)
    for order in (np.arange(len(rows.days)), np.argsort(rows.days, kind="stable")):
        far = _far_dates(rows.days[order])
        if far.size:
            break
    else:
        return rows
    named = name_rows(rows.numbers[order[far]].tolist())
    near = np.setdiff1d(np.arange(len(order)), far)
    if answer is None:
        before = near[np.maximum(np.searchsorted(near, far[:MAX_NAMED]) - 1, 0)]
        shown = "; ".join(
            f"{day}, next to {neighbour}"
            for day, neighbour in zip(
                rows.days[order[far]], rows.days[order[before]], strict=False
            )
        )
        text = f"Is a date wrong? {count(far.size, 'date')} far off: {shown}."
        choices = [
            Choice(value="drop", preview=f"{named} left out"),
            Choice(value="keep", preview="the dates are right"),
        ]
        raise Question("years", text, choices)
    if answer == "keep":
        repairs.append(f"Dates years away from their neighbours kept ({named}).")
        return rows
    repairs.append(f"Dates years away from their neighbours left out ({named}).")
    return rows[np.sort(order[near])]


def _far_dates(days: np.ndarray) -> np.ndarray:
    """Return the rows of short runs between steps of years, if they are few."""
    steps = np.abs(np.diff(days).astype(np.int64))
    far = max(FAR_DAYS, FAR_STEPS * float(np.median(steps)))
    runs = np.split(np.arange(len(days)), np.flatnonzero(steps > far) + 1)
    most = max(MAX_FAR_DATES, int(FAR_SHARE * len(days)))
    short = [run for run in runs if len(run) <= most]
    rows = np.concatenate([np.array([], np.int64), *short])
    return rows if rows.size <= most else rows[:0]


def without_zeros(rows: Rows, answer: str | None, repairs: list[str]) -> Rows:
    """Drop the rows of zeros, or ask whether they are times without trading.

    Rows are in order. Returns, zero or negative on any day, stay as they are.
    """
    zeros = np.flatnonzero(rows.prices == 0)
    answer = answer and read_answer("zeros", answer, ZEROS)
    if not zeros.size or (rows.prices < 0).any():
        return rows
    named = name_rows(rows.numbers[zeros].tolist())
    if answer is not None:
        what = count(zeros.size, "row")
        repairs.append(f"{what} of zeros left out, as you chose ({named}).")
        return rows[np.flatnonzero(rows.prices)]
    frequency = FREQUENCIES[find_frequency(rows.times)]
    on_weekdays = zeros[np.is_busday(rows.days[zeros])]
    few = on_weekdays.size == zeros.size < MIN_ZEROS
    many = zeros.size > MAX_ZEROS * len(rows.prices) and not frequency.intraday
    if few or many or not (frequency.step == "day" or frequency.intraday):
        return rows
    where = "all of them on Saturdays and Sundays"
    if on_weekdays.size:
        first = rows.days[on_weekdays[0]]
        where = f"{on_weekdays.size:,} of them on weekdays, such as {first}"
    text = (
        f"Are the zeros times without trading? {zeros.size:,} of "
        f"{len(rows.prices):,} prices are zero, {where}. If they are prices, use "
        "another column or file."
    )
    raise Question("zeros", text, [Choice(value="drop", preview=f"{named} left out")])


def ask_of_filled_rows(rows: Rows) -> None:
    """Ask whether a longer step was filled forward to days; rows are in order.

    Most rows then repeat the price before, and the others are evenly far apart.
    """
    changes = np.flatnonzero(np.diff(rows.prices)) + 1
    few = len(changes) < MIN_CHANGES or len(changes) > (1 - REPEATED) * len(rows.prices)
    if few or rows.seconds.any():
        return
    steps = np.diff(rows.days[changes]).astype(np.int64)
    usual = float(np.median(steps))
    regular = np.abs(steps - usual) <= max(1.0, SLACK * usual)
    written, found = find_frequency(rows.days), find_frequency(rows.days[changes])
    if regular.mean() < REGULAR or found == written:
        return
    each = FREQUENCIES[found].unit
    text = (
        f"Is this a {found} series filled forward? The price changes about every "
        f"{usual:.0f} days, and {len(rows.prices) - len(changes):,} of "
        f"{len(rows.prices):,} rows repeat the one before."
    )
    choices = [
        Choice(value=found, preview=f"the last price of each {each} is used"),
        Choice(value=written, preview="all rows are used, as they are"),
    ]
    raise Question("frequency", text, choices)


def without_outliers(
    rows: Rows, answer: str | None, repairs: list[str]
) -> tuple[Rows, np.ndarray]:
    """Drop or keep single prices far from their neighbours, or ask.

    Return the rows, and which of them are outliers that were kept (outliers,).
    """
    found = _outliers(rows.prices)
    answer = answer and read_answer("outliers", answer, OUTLIERS)
    if not found.size:
        return rows, found
    numbers = name_rows(rows.numbers[found].tolist())
    if answer is None:
        shown = "; ".join(
            f"{rows.prices[row]:.5g} on {format_time(rows.days[row])}, next to "
            f"{rows.prices[row - 1 if row else 1]:.5g}"
            for row in found[:MAX_NAMED]
        )
        text = f"Is a price wrong? {count(found.size, 'price')} far off: {shown}."
        choices = [
            Choice(value="drop", preview=f"{numbers} left out"),
            Choice(value="keep", preview="the price did move so, and came back"),
        ]
        raise Question("outliers", text, choices)
    if answer == "keep":
        repairs.append(f"Prices far from their neighbours kept ({numbers}).")
        return rows, found
    repairs.append(f"Prices far from their neighbours left out ({numbers}).")
    return rows[np.setdiff1d(np.arange(len(rows.prices)), found)], found[:0]


def _outliers(prices: np.ndarray) -> np.ndarray:
    """Return the rows with a price far from its two neighbours, which are alike.

    The neighbours of the first and of the last row are the next two and the last two.
    """
    if len(prices) < 3:
        return np.array([], np.int64)
    logs = np.log(prices)
    before, after = np.roll(logs, 1), np.roll(logs, -1)
    before[0], after[-1] = logs[2], logs[-3]
    alike = np.abs(after - before) < np.log(CALM)
    near = np.minimum(np.abs(logs - before), np.abs(logs - after))
    found = np.flatnonzero(alike & (near > np.log(FAR)))
    return found if found.size <= max(1, MAX_OUTLIERS * len(prices)) else found[:0]


def drop_filled_weekends(rows: Rows, repairs: list[str]) -> Rows:
    """Leave out weekends if nearly all repeat Friday's price; rows are in order.

    A series that trades on weekends has prices of its own there, and one that hardly
    ever moves repeats its price on any day.
    """
    weekend = ~np.is_busday(rows.days)
    trading = np.flatnonzero(~weekend)
    if weekend.sum() < MIN_WEEKEND or trading.size < 2:
        return rows
    last = np.searchsorted(trading, np.arange(len(weekend)), side="right") - 1
    friday = trading[np.maximum(last, 0)]  # or the last trading row before
    near = (last >= 0) & (rows.days - rows.days[friday] <= np.timedelta64(2))
    filled = weekend & near & (rows.prices == rows.prices[friday])
    moves = np.diff(rows.prices[trading]) != 0
    if filled.sum() < FILLED * weekend.sum() or moves.mean() < OWN_CHANGES:
        return rows
    repairs.append(
        f"{count(int(filled.sum()), 'row')} on Saturdays and Sundays that repeat the "
        f"price before the weekend left out "
        f"({name_rows(rows.numbers[filled].tolist())})."
    )
    return rows[np.flatnonzero(~filled)]


def warn_of_odd_rows(rows: Rows) -> list[str]:
    """Return warnings about the end of the series; rows are in order."""
    warnings = []
    changes = np.flatnonzero(np.diff(rows.prices))
    first = int(changes[-1]) + 1 if changes.size else 0
    if first and (equal := len(rows.prices) - first) >= CONSTANT_END:
        warnings.append(
            f"The last {equal:,} prices are all {rows.prices[-1]:.10g}, from "
            f"{rows.days[first]} on. Trading may have ended: if so, remove these rows. "
            "Nothing was changed."
        )
    today = np.datetime64(datetime.date.today())
    # Tomorrow has begun in other time zones.
    future = np.flatnonzero(rows.days > today + 1)
    if future.size:
        warnings.append(
            f"{count(future.size, 'row')} dated after today ({today}), the last one "
            f"{rows.days[-1]}: no prices of the past. Check the dates. Nothing was "
            "changed."
        )
    return warnings
