"""Prices: an LSTM forecasts the coming days' prices and their uncertainty.

Home imports this package, so TensorFlow and pandas are imported in methods only.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from core.cli import read_file
from core.stats import three_digits
from core.stock.config import Config
from core.stock.data.defaults import suited
from core.stock.data.series import PriceSeries
from core.stock.data.split import split
from core.stock.result import Result
from core.task import ConfigError, Measure, Scalar, State, Task, Training

__all__ = ["TASK", "Config", "Result"]


class Prices(Task[Config, PriceSeries, Result]):
    """Forecasts of the coming days' prices and their uncertainty, by LSTMs."""

    name = "stock"
    TITLE, ICON, LINK = "Prices", "candlestick_chart", "Train on prices"
    ABOUT = (
        "LSTMs forecast a bundled series or your own file, and its risk, and are "
        "compared with the last known price and with classical models."
    )
    OBJECTIVE, OBJECTIVE_TITLE = "val_best", "best validation loss"
    # Not the recipe, the horizon and the folds, which change what is validated; nor the
    # number of networks, whose losses are averaged, not their forecasts.
    SEARCHABLE = ("units", "window", "batch", "dropout", "learning_rate", "epochs")
    MEASURES = (
        Measure("rel_rmse", "Error ÷ last price's", "low", "test"),
        Measure("nll", "Negative log-likelihood", "low", "test"),
        Measure("crps", "CRPS", "low", "test"),
        Measure("winkler_80", "Winkler score, 80%", "low", "test"),
        Measure("directional_accuracy", "Direction right", "high", "test", True),
    )

    def train(
        self, config: Config, data: PriceSeries, resume: State | None = None
    ) -> Training[Result]:
        """Train step by step; `resume` is the state of an earlier step.

        Raise a DataError at once, before TensorFlow is imported, if the series is too
        short.
        """
        self.check(config, data)
        from core.layers.setup import single_thread

        single_thread()
        from core.stock.recipes.training import train

        return train(config, data, resume)

    def check(self, config: Config, data: PriceSeries) -> None:
        """Raise a DataError if the series is too short for the settings."""
        split(config, data)

    def check_search(self, config: Config, data: PriceSeries) -> None:
        """Refuse the classic recipe, whose validation rows are test rows."""
        del data
        if config.recipe == "classic":
            raise ConfigError(
                "recipe: expected honest, got classic, which validates on the test "
                "part. Choose the honest recipe to search for settings."
            )

    def encode_data(self, data: PriceSeries) -> bytes:
        """Write the series so that a worker on another machine can read it."""
        return data.encode()

    def decode_data(self, content: bytes) -> PriceSeries:
        """Decode the bytes of `encode_data`."""
        return PriceSeries.decode(content)

    def bundled(self) -> Iterator[PriceSeries]:
        """Load the bundled data, one after the other."""
        from core.stock.sources.samples import SAMPLES, load_sample

        return map(load_sample, SAMPLES)

    def title(self, data: PriceSeries) -> str:
        """Return a short name of the series for a list of runs."""
        return data.name

    def headline(self, summary: Mapping[str, Scalar]) -> str:
        """Return one line on a run for a list of runs."""
        if not isinstance(error := summary.get("rel_rmse"), float):
            return ""
        return f"error {three_digits(error)} × that of the last known price"

    def example(self) -> tuple[Config, PriceSeries]:
        """Return the settings and data of the page's example."""
        from core.stock.sources.samples import load_sample

        return Config(), load_sample("SP500")

    def from_file(self, file: str) -> tuple[Config, PriceSeries]:
        """Return the prices in a CSV file, and the settings that suit them."""
        from core.stock.csv import MAX_BYTES, import_prices

        content = read_file(file, MAX_BYTES)
        series = import_prices(content, Path(file).stem).series
        return suited("honest", series), series

    def from_sample(self, sample: str) -> tuple[Config, PriceSeries]:
        """Return a bundled series, and the settings that suit it."""
        from core.stock.sources.samples import load_sample

        series = load_sample(sample)
        return suited("honest", series), series

    def tiny(self) -> tuple[Config, PriceSeries]:
        """Return settings and prices with something to learn, trained in a second."""
        random = np.random.default_rng(0)
        volatility = np.exp(np.sin(np.arange(400) / 20))  # calm and volatile months
        steps = 0.01 * volatility * random.standard_normal(400)
        prices = 100 * np.exp(np.cumsum(steps))
        dates = np.datetime64("2020-01-01") + np.arange(400)
        series = PriceSeries(name="Made up", dates=dates, prices=prices)
        small = Config(units=4, window=16, batch=8, epochs=3, folds=2, seeds=1)
        return small, series


TASK = Prices()
