"""Prices from the numbers of a column: as they are, or from returns or logarithms."""

from collections.abc import Callable, Sequence

import numpy as np

from core.stock.csv.names import LOGS, RETURNS
from core.stock.csv.rows import Rows
from core.stock.wording import quoted
from core.table import Choice, Question, normalised, read_answer
from core.table.numbers import are_percent

FIRST = 100.0  # base of prices made from returns
MANY = 0.1  # share of negative numbers that prices cannot have
# Logarithms of prices: between these, in the middle above two, with changes of this
# size. Few prices with so many decimals move by so little, relative to themselves.
LOG_RANGE, LOG_MIDDLE, LOG_CHANGES = (-5.0, 15.0), 2.0, (0.003, 0.06)
CALM = {4: 0.006, 5: 0.012}  # decimals -> standard deviation of relative changes
NEAR_ONE = (0.8, 1.25)
MAX_RATIO = 1e9  # between the prices of a series

# Answer -> its preview, and prices from numbers (rows,) in order of time.
Conversion = Callable[[np.ndarray], np.ndarray]
VALUES: dict[str, tuple[str, Conversion]] = {
    "prices": ("used as they are", lambda x: x),
    "returns": ("0.01 is a rise of 1%", lambda x: FIRST * np.cumprod(1 + x)),
    "percent": ("1.00 is a rise of 1%", lambda x: FIRST * np.cumprod(1 + x / 100)),
    "log-returns": (
        "changes of the price's logarithm",
        lambda x: FIRST * np.exp(np.cumsum(x)),
    ),
    "gross-returns": ("1.01 is a rise of 1%", lambda x: FIRST * np.cumprod(x)),
    "log-prices": ("natural logarithms of prices", np.exp),
}


def to_prices(
    name: str, rows: Rows, answer: str | None, repairs: list[str], warnings: list[str]
) -> np.ndarray:
    """Turn the numbers of the named column into prices (rows,), or ask for their kind.

    The answer is a key of `VALUES`.
    """
    cells, values = rows.cells.tolist(), rows.prices
    percent = are_percent(cells)
    fractions = values / 100 if percent else values
    if answer is not None:
        kind = read_answer("values", answer, list(VALUES))
    else:
        why, possible = _what_they_may_be(name, cells, values, percent)
        made = {kind: _convert(kind, values, fractions) for kind in possible}
        if "prices" not in possible:
            made = {kind: prices for kind, prices in made.items() if _plausible(prices)}
        if made:
            raise _question(name, cells, why, made)
        kind = "prices"
    prices = _convert(kind, values, fractions)
    if kind != "prices":
        repairs.append(f"Prices made from the {name} column as {kind}.")
    elif RETURNS.fullmatch(normalised(name)) and answer is None:
        warnings.append(
            f"The column {name} is read as prices, although it is named like returns."
        )
    return prices


def _convert(kind: str, values: np.ndarray, fractions: np.ndarray) -> np.ndarray:
    used = values if kind in ("prices", "percent") else fractions
    with np.errstate(over="ignore", invalid="ignore"):
        return VALUES[kind][1](used)


def _plausible(prices: np.ndarray) -> bool:
    return bool((prices > 0).all() and prices.max() < MAX_RATIO * prices.min())


def _what_they_may_be(
    name: str, cells: Sequence[str], values: np.ndarray, percent: bool
) -> tuple[str, tuple[str, ...]]:
    """Return a description of the numbers and their possible kinds; none for prices."""
    named_returns = RETURNS.fullmatch(normalised(name)) is not None
    # Unrelated values differ by twice their variance, prices by a small part of it.
    unrelated = len(values) > 1 and np.var(np.diff(values)) > np.var(values)
    if (values < 0).mean() > MANY:
        if not unrelated:
            every = ("log-prices", "returns", "percent", "log-returns")
            why = "logarithms of prices, below zero and changing slowly; spreads and "
            return why + "rates below zero cannot be used", every
        if percent:
            return "returns: percentages around zero", ("returns", "log-returns")
        return "returns: numbers around zero", ("returns", "percent", "log-returns")
    if percent:
        return "percentages", ("prices", "returns")
    if unrelated:
        both_sides = MANY < (values < 1).mean() < 1 - MANY
        if both_sides and NEAR_ONE[0] < np.median(values) < NEAR_ONE[1]:
            return "returns: unrelated numbers near one", ("gross-returns", "prices")
        if named_returns:
            return "returns: unrelated numbers", ("returns", "percent", "prices")
    if LOGS.fullmatch(normalised(name)) or _look_like_logs(cells, values):
        return "logarithms of prices", ("prices", "log-prices")
    return "", ()


def _look_like_logs(cells: Sequence[str], values: np.ndarray) -> bool:
    """Whether numbers move as logarithms of prices do, and too little for prices."""
    low, high = LOG_RANGE
    decimals = int(np.median([len(cell.partition(".")[2]) for cell in cells]))
    if not low < values.min() <= values.max() < high or decimals < min(CALM):
        return False
    changes = np.diff(values)
    return bool(
        np.median(values) > LOG_MIDDLE
        and LOG_CHANGES[0] < changes.std() < LOG_CHANGES[1]
        and (changes / np.median(values)).std() < CALM[min(decimals, max(CALM))]
    )


def _question(
    name: str, cells: Sequence[str], why: str, made: dict[str, np.ndarray]
) -> Question:
    choices = [
        Choice(
            value=kind,
            preview=f"{VALUES[kind][0]}; the last price is {prices[-1]:.5g}",
        )
        for kind, prices in made.items()
    ]
    shown = ", ".join(cells[:3])[:60]
    text = f"What are the numbers in {quoted(name)}? They look like {why} ({shown})."
    return Question("values", text, choices)
