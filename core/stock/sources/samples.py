"""The six bundled series; data/README.md has their sources."""

import functools
from dataclasses import dataclass
from pathlib import Path

from core.stock.csv import Imported, import_prices
from core.stock.data.series import PriceSeries
from core.task import UserError

FOLDER = Path(__file__).parents[3] / "data" / "prices"


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Title and description of a bundled series."""

    title: str
    character: str


SAMPLES = {
    "SP500": Sample(
        title="S&P 500",
        character="A broad stock index: years of calm and weeks of high volatility.",
    ),
    "NASDAQ": Sample(
        title="Nasdaq Composite",
        character="A technology index: a bubble in the training half, a long rise in "
        "the test half.",
    ),
    "AAPL": Sample(
        title="Apple",
        character="A growth stock: its price rises almost five hundredfold.",
    ),
    "JPM": Sample(
        title="JPMorgan Chase",
        character="A bank: the crisis of 2008 lies in the test half.",
    ),
    "KO": Sample(
        title="Coca-Cola",
        character="A beverage company: steady, with few surprises.",
    ),
    "WTI": Sample(
        title="Crude oil (WTI)",
        character="A commodity: no lasting trend, and two collapses.",
    ),
}


@functools.cache
def import_sample(name: str) -> Imported:
    """Read a bundled series by its name in `SAMPLES`, with its report."""
    if name not in SAMPLES:
        raise UserError(f"sample: expected one of {', '.join(SAMPLES)}, got {name!r}.")
    content = (FOLDER / f"{name}.csv").read_bytes()
    return import_prices(content, SAMPLES[name].title)


def load_sample(name: str) -> PriceSeries:
    """Read a bundled series by its name in `SAMPLES`."""
    return import_sample(name).series
