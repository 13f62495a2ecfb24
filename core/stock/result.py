"""What a training on prices ends with."""

import csv
import io
import json
from dataclasses import asdict, dataclass
from typing import Self

import numpy as np

from core.arrays import pack, unpack
from core.stock.config import Config
from core.stock.metrics import coverage, mae, rmse
from core.stock.series import PriceSeries
from core.stock.split import Split
from core.task import Scalar

BANDS = ("low_80", "high_80", "low_95", "high_95")


@dataclass(frozen=True, kw_only=True, eq=False)
class Result:
    """Forecasts of the test rows, each made at the close of the day before.

    Attributes
    ----------
    config, series, split
        What it was trained with, and on which rows.
    epochs, seconds
        Epochs completed, and time spent training.
    predicted
        Forecast price of each test row (test rows,).
    low_80, high_80, low_95, high_95
        Ends of the intervals that should hold 80% and 95% of the prices (test
        rows,), or None if the recipe has none.
    nll
        Mean negative log likelihood a day, of returns in standard units of the
        training part, or None if the recipe has no distribution.
    """

    config: Config
    series: PriceSeries
    split: Split
    epochs: int
    seconds: float
    predicted: np.ndarray
    low_80: np.ndarray | None = None
    high_80: np.ndarray | None = None
    low_95: np.ndarray | None = None
    high_95: np.ndarray | None = None
    nll: float | None = None

    @property
    def name(self) -> str:
        """The name of the series."""
        return self.series.name

    @property
    def dates(self) -> np.ndarray:
        """The days of the test rows."""
        return self.series.dates[self.split.test :]

    @property
    def actual(self) -> np.ndarray:
        """The prices of the test rows."""
        return self.series.prices[self.split.test :]

    @property
    def naive(self) -> np.ndarray:
        """Yesterday's price as the forecast of each test row."""
        return self.series.prices[self.split.test - 1 : -1]

    @property
    def bands(self) -> dict[str, np.ndarray]:
        """The ends of the intervals by name; empty if the recipe has none."""
        values = {name: getattr(self, name) for name in BANDS}
        return {name: value for name, value in values.items() if value is not None}

    @property
    def metrics(self) -> dict[str, float | None]:
        """Errors on the test rows, beside those of yesterday's price."""
        model, naive = self.predicted, self.naive
        errors = {
            "rmse": rmse(self.actual, model),
            "mae": mae(self.actual, model),
            "rmse_naive": rmse(self.actual, naive),
            "mae_naive": mae(self.actual, naive),
        }
        return {
            **errors,
            "rel_rmse": _ratio(errors["rmse"], errors["rmse_naive"]),
            "rel_mae": _ratio(errors["mae"], errors["mae_naive"]),
            "nll": self.nll,
            "coverage_80": self._coverage(self.low_80, self.high_80),
            "coverage_95": self._coverage(self.low_95, self.high_95),
        }

    def _coverage(
        self, low: np.ndarray | None, high: np.ndarray | None
    ) -> float | None:
        if low is None or high is None:
            return None
        return coverage(self.actual, low, high)

    def summary(self) -> dict[str, Scalar]:
        """Return the figures of the run, ready for JSON."""
        return {
            "recipe": self.config.recipe,
            "rows": self.split.rows,
            "train_rows": self.split.test,
            "test_rows": self.split.rows - self.split.test,
            "epochs": self.epochs,
            "seconds": round(self.seconds, 3),
            **self.metrics,
        }

    @property
    def columns(self) -> dict[str, np.ndarray]:
        """What is known of each test row (test rows,), by the name of the column."""
        return {
            "Date": self.dates,
            "actual": self.actual,
            "predicted": self.predicted,
            "naive": self.naive,
            **self.bands,
        }

    def to_csv(self) -> str:
        """Write one line a test row: its own date, price and forecasts."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(self.columns)
        for date, *values in zip(*self.columns.values(), strict=True):
            writer.writerow([str(date), *(f"{value:.8g}" for value in values)])
        return text.getvalue()

    def encode(self) -> bytes:
        """Write the whole result; `decode` reads it again."""
        facts = {
            "config": asdict(self.config),
            "split": asdict(self.split),
            "epochs": self.epochs,
            "seconds": self.seconds,
            "nll": self.nll,
        }
        arrays = {
            "facts": np.array(json.dumps(facts)),
            "series": np.frombuffer(self.series.encode(), np.uint8),
            "predicted": self.predicted,
            **self.bands,
        }
        return pack(arrays, compress=True)

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """Read what `encode` wrote."""
        arrays = unpack(content)
        facts = json.loads(str(arrays["facts"]))
        return cls(
            config=Config.from_dict(facts["config"]),
            series=PriceSeries.decode(arrays["series"].tobytes()),
            split=Split(**facts["split"]),
            epochs=facts["epochs"],
            seconds=facts["seconds"],
            predicted=arrays["predicted"],
            low_80=arrays.get("low_80"),
            high_80=arrays.get("high_80"),
            low_95=arrays.get("low_95"),
            high_95=arrays.get("high_95"),
            nll=facts["nll"],
        )


def _ratio(error: float, naive: float) -> float | None:
    return error / naive if naive > 0 else None
