"""The settings of a price forecast, for both recipes."""

from dataclasses import dataclass
from typing import ClassVar

from core.task import Settings, choice, number, random_seed

# units * window * batch, which determines the memory of a training step: three million
# take about 170 MB and half a second on one core.
MAX_CELLS = 3_000_000
MAX_HORIZON = 40
PATIENCE = 5  # epochs, of the honest recipe
RECIPES = {"honest": "Honest", "classic": "Classic"}
AFTER_TRAINING = ("cost", "forecast_days")  # settings that do not affect training


@dataclass(frozen=True, kw_only=True)
class Config(Settings):
    """The settings of an LSTM that forecasts prices.

    The defaults are those of the honest recipe; `Config.preset("classic")` gives the
    classic one's.
    """

    recipe: str = choice(
        "honest",
        tuple(RECIPES),
        "The honest recipe learns returns and their risk and stops when it no longer "
        "improves; the classic recipe learns the price level.",
    )
    units: int = number(
        8,
        (1, 128),
        "units",
        "Size of the LSTM's hidden state: more units capture finer patterns, train "
        "more slowly and overfit sooner.",
    )
    window: int = number(
        256,
        (8, 512),
        "days",
        "Consecutive days that the network reads at a time: more let it use older "
        "data and make each step slower.",
    )
    batch: int = number(
        16,
        (1, 256),
        "windows",
        "Windows per training step, which averages their gradients: more give less "
        "noisy gradients and slower steps.",
    )
    dropout: float = number(
        0.0,
        (0.0, 0.9),
        "of the outputs",
        "Share of the network's outputs set to zero at random in each step, so that "
        "it does not depend on any single one.",
    )
    learning_rate: float = number(
        6e-3,
        (1e-5, 1e-1),
        "per step",
        "Scales each weight update: too small learns slowly, too large does not "
        "converge.",
    )
    epochs: int = number(
        100,
        (1, 1000),
        "epochs",
        "Maximum number of epochs: in the honest recipe an epoch draws enough random "
        "windows to cover the training set once, at least ten batches, and a network "
        "stops when its validation loss no longer falls.",
    )
    horizon: int = number(
        20,
        (1, MAX_HORIZON),
        "days",
        "Longest horizon that is trained and evaluated, besides the shorter ones of 1, "
        "5, 10 and 20 days; the classic recipe forecasts one day only.",
    )
    folds: int = number(
        3,
        (1, 8),
        "parts",
        "Parts of the test half, each forecast by networks trained on all days before "
        "it: more folds use more recent data and take longer.",
    )
    seeds: int = number(
        3,
        (1, 8),
        "networks",
        "Networks with different random seeds whose forecasts are averaged: more make "
        "the forecast more stable and training longer.",
    )
    cost: float = number(
        10.0,
        (0.0, 500.0),
        "basis points a side",
        "Cost of one purchase or one sale in the trading simulation, in hundredths of "
        "a percent of its value; it does not affect training.",
    )
    forecast_days: int = number(
        20,
        (1, 60),
        "trading days",
        "Number of days to forecast after the last price; it does not affect training.",
    )
    seed: int = random_seed()

    variant: ClassVar = "recipe"
    titles: ClassVar = "Prices", RECIPES
    presets: ClassVar = {
        "honest": {"recipe": "honest"},
        "classic": {
            "recipe": "classic",
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

    def __post_init__(self) -> None:
        super().__post_init__()
        self.check_product(MAX_CELLS, "units", "window", "batch")

    @property
    def patience(self) -> int | None:
        """Epochs without a better validation loss after which a network stops."""
        return PATIENCE if self.recipe == "honest" else None
