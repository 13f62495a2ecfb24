"""The settings of a price forecast: one Config for both recipes."""

import math
from dataclasses import dataclass
from typing import ClassVar

from core.task import ConfigError, Settings, choice, number

# units * window * batch: what one step of training holds in memory, in cells.
# Three million take about 170 MB and half a second on one core.
CELLS = 3_000_000
HORIZONS = (1, 5, 10, 20)  # days ahead that are compared in the literature
MAX_HORIZON = 40
PATIENCE = 10  # epochs, of the honest recipe
RECIPES = {"honest": "Honest", "seed": "Classic"}


@dataclass(frozen=True, kw_only=True)
class Config(Settings):
    """How an LSTM learns to forecast tomorrow's price.

    The defaults are those of the honest recipe; `Config.preset("seed")` gives
    the classic one's.
    """

    recipe: str = choice(
        "honest",
        ("honest", "seed"),
        "Honest learns returns and their risk and stops when it no longer improves; "
        "seed learns the price level as the classic tutorial does.",
    )
    units: int = number(
        8,
        1,
        128,
        "units",
        "Size of the network's memory: more can hold finer patterns, learn more "
        "slowly and overfit sooner.",
    )
    window: int = number(
        256,
        8,
        512,
        "days",
        "How many days in a row the network reads at a time: longer lets it use an "
        "older past and makes each step slower.",
    )
    batch: int = number(
        16,
        1,
        256,
        "windows",
        "Windows averaged into one step: more make each step steadier and slower.",
    )
    dropout: float = number(
        0.0,
        0.0,
        0.9,
        "of the outputs",
        "Share of the network's outputs hidden at random in each step, so that it "
        "relies on no single one.",
    )
    learning_rate: float = number(
        6e-3,
        1e-5,
        1e-1,
        "per step",
        "How far each step moves the weights: too small learns slowly, too large "
        "never settles.",
    )
    epochs: int = number(
        100,
        1,
        1000,
        "epochs",
        "The most rounds of training: in the honest recipe each network stops earlier "
        "when its validation loss no longer falls.",
    )
    horizon: int = number(
        20,
        1,
        MAX_HORIZON,
        "days",
        "The farthest day ahead that is learned and judged, beside those of 1, 5, 10 "
        "and 20 days that are nearer; the classic recipe knows the next day only.",
    )
    folds: int = number(
        3,
        1,
        8,
        "parts",
        "Parts of the test half, each forecast by networks that learned from all "
        "days before it: more keep the networks younger and take longer.",
    )
    seeds: int = number(
        3,
        1,
        8,
        "networks",
        "Networks that start from different chance and whose forecasts are averaged: "
        "more make the forecast steadier and the training longer.",
    )
    cost: float = number(
        10.0,
        0.0,
        500.0,
        "basis points a side",
        "What one purchase or one sale costs in the trading simulation, in hundredths "
        "of a percent of its value; the learning does not see it.",
    )
    forecast_days: int = number(
        20,
        1,
        60,
        "trading days",
        "How many days after the last price are forecast at the end; the learning "
        "does not see it.",
    )
    seed: int = number(
        0,
        0,
        999_999,
        "",
        "Start of all chance in the training: the same seed repeats the same numbers.",
    )

    variant: ClassVar = "recipe"
    presets: ClassVar = {
        "honest": {"recipe": "honest"},
        "seed": {
            "recipe": "seed",
            "units": 25,
            "window": 240,
            "batch": 240,
            "dropout": 0.1,
            "learning_rate": 1e-3,
            "epochs": 1000,
            "horizon": 1,
            "folds": 1,
            "seeds": 1,
        },
    }

    @property
    def label(self) -> str:
        """The task and its recipe or model in a few words."""
        return f"Prices · {RECIPES[self.recipe]}"

    def __post_init__(self) -> None:
        super().__post_init__()
        cells = math.prod((self.units, self.window, self.batch))
        if cells > CELLS:
            raise ConfigError(
                f"units x window x batch: expected at most {CELLS:,} together, "
                f"got {self.units} x {self.window} x {self.batch} = {cells:,}. "
                "Make one of them smaller."
            )

    @property
    def patience(self) -> int | None:
        """Epochs without a better validation loss after which a network stops."""
        return PATIENCE if self.recipe == "honest" else None

    @property
    def horizons(self) -> tuple[int, ...]:
        """The days ahead that are learned and judged, the nearest first."""
        if self.recipe == "seed":
            return (1,)
        return (*(days for days in HORIZONS if days < self.horizon), self.horizon)
