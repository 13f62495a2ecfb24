"""What a training on prices ends with."""

import functools
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

import numpy as np

from core.arrays import pack, unpack
from core.stock.config import Config
from core.stock.conformal import LEVELS
from core.stock.future import Future, future_of
from core.stock.lag import Lag, detect_lag
from core.stock.leakage import Leakage
from core.stock.outlook import Outlook
from core.stock.rivals import Rivals
from core.stock.series import PriceSeries
from core.stock.split import Fold, Split, folds
from core.stock.tables import table
from core.stock.trading import Trading, simulate
from core.stock.verdicts import verdict_price, verdict_risk
from core.stock.view import View, view_of

KEYS = (
    *("rmse", "mae", "rmse_naive", "mae_naive", "rel_rmse", "rel_mae", "nll"),
    *("coverage_80", "coverage_95", "nll_ewma", "nll_garch", "nll_gjr"),
    *("crps", "crps_garch", "directional_accuracy", "majority_class", "dm_p"),
)
HORIZON_KEYS = (
    *("horizon", "rows", "rel_rmse", "rel_mae", "rel_rmse_drift", "rel_rmse_linear"),
    *("mape", "nll", "nll_garch", "crps", "crps_garch", "coverage_80", "coverage_95"),
    *("coverage_80_raw", "coverage_95_raw", "width_80", "width_95"),
    *("directional_accuracy", "majority_class", "dm_p"),
)


@dataclass(frozen=True, kw_only=True)
class SeedFigures:
    """How good one seed's networks are alone: the spread that averaging hides.

    Attributes
    ----------
    rel_rmse
        Error of tomorrow's price divided by that of today's price as the forecast.
    nll
        Mean negative log likelihood a day, as `Result.metrics` has it, or None of
        a recipe without distributions.
    """

    rel_rmse: float
    nll: float | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Result:
    """Forecasts of the test rows, each made at the close of the day before.

    Attributes
    ----------
    config, series, split
        What it was trained with, and on which rows.
    epochs, seconds
        Epochs completed, and time spent training.
    levels
        Forecast price of each test row (test rows,), of a recipe that forecasts no
        distribution; else None.
    outlook
        Distributions of each horizon, from the close of the day before each test
        row and of the last day of all (test rows + 1, horizons), or None.
    factors
        Level in percent -> widths of the intervals in standard deviations, for the
        same days (test rows + 1, horizons).
    rivals
        What the other models forecast on these days, or None.
    seeds
        Figures of each seed alone.
    leakage
        What the leakage self-test found.
    model
        Content of a .keras file with the last fold's networks; empty without one.
    """

    config: Config
    series: PriceSeries
    split: Split
    epochs: int
    seconds: float
    levels: np.ndarray | None = None
    outlook: Outlook | None = None
    factors: Mapping[int, np.ndarray] = field(default_factory=dict)
    rivals: Rivals | None = None
    seeds: tuple[SeedFigures, ...] = ()
    leakage: Leakage | None = None
    model: bytes = b""

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
    def predicted(self) -> np.ndarray:
        """Forecast price of each test row (test rows,)."""
        return self.views[1].predicted

    @functools.cached_property
    def bands(self) -> dict[str, np.ndarray]:
        """The ends of the intervals that should hold 80% and 95% of the prices.

        By the names low_80, high_80, low_95, high_95, each (test rows,); empty if
        the recipe has none.
        """
        bands = {}
        for level in LEVELS:
            if (ends := self.views[1].band(level)) is not None:
                bands[f"low_{level}"], bands[f"high_{level}"] = ends
        return bands

    @property
    def folds(self) -> list[Fold]:
        """Which rows taught the networks of each part of the test rows."""
        return folds(self.config, self.split)

    @property
    def horizons(self) -> tuple[int, ...]:
        """The days ahead that are judged."""
        return self.config.horizons if self.outlook is not None else (1,)

    @functools.cached_property
    def views(self) -> dict[int, View]:
        """Everything about each horizon that can be judged, the nearest first."""
        return {
            days: view_of(
                self.series,
                self.split.test,
                days,
                self.horizons.index(days),
                levels=self.levels,
                outlook=self.outlook,
                factors=self.factors,
                rivals=self.rivals,
            )
            for days in self.horizons
        }

    @property
    def metrics(self) -> dict[str, float | int | None]:
        """Figures of the next day's forecasts on the test rows."""
        return self.views[1].figures

    @property
    def verdict_price(self) -> str:
        """Whether tomorrow's price is forecast, in a sentence with its p-value."""
        return verdict_price(self.views[1])

    @property
    def verdict_risk(self) -> str:
        """Whether tomorrow's risk is forecast, in a sentence with its p-value."""
        return verdict_risk(self.views[1])

    def summary(self) -> dict[str, Any]:
        """Return the figures of the run, ready for JSON.

        `horizons` is a list of one object for each horizon; all else are scalars.
        """
        return {
            "recipe": self.config.recipe,
            "rows": self.split.rows,
            "train_rows": self.split.test,
            "test_rows": self.split.rows - self.split.test,
            "epochs": self.epochs,
            "seconds": round(self.seconds, 3),
            **{key: self.metrics[key] for key in KEYS},
            "horizons": [
                {key: _short(view.figures[key]) for key in HORIZON_KEYS}
                for view in self.views.values()
            ],
            "verdict_price": self.verdict_price,
            "verdict_risk": self.verdict_risk,
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
        return table(self.columns)

    @functools.cached_property
    def future(self) -> Future | None:
        """The days after the last price, or None if the recipe cannot see them."""
        if self.outlook is None:
            return None
        last = {level: values[-1] for level, values in self.factors.items()}
        return future_of(
            self.series,
            self.horizons,
            self.outlook[-1:],
            last,
            self.config.forecast_days,
        )

    @functools.cached_property
    def lag(self) -> Lag:
        """Whether the forecast is yesterday's price in disguise."""
        return detect_lag(self.actual, self.predicted)

    @functools.cached_property
    def trading(self) -> Trading:
        """What following the forecast would have earned, at the cost of the Config."""
        return self.simulate(self.config.cost)

    def simulate(self, cost: float) -> Trading:
        """Return what following it would have earned at a cost in basis points."""
        first = self.split.test - 1
        rises = np.append(self.predicted > self.naive, False)
        return simulate(
            self.series.dates[first:], self.series.prices[first:], rises, cost
        )

    def encode(self) -> bytes:
        """Write the whole result; `decode` reads it again."""
        facts = {
            "config": asdict(self.config),
            "split": asdict(self.split),
            "epochs": self.epochs,
            "seconds": self.seconds,
            "seeds": [asdict(seed) for seed in self.seeds],
            "leakage": self.leakage and asdict(self.leakage),
        }
        arrays = {
            "facts": np.array(json.dumps(facts)),
            "series": np.frombuffer(self.series.encode(), np.uint8),
            "model": np.frombuffer(self.model, np.uint8),
        }
        if self.levels is not None:
            arrays["levels"] = self.levels
        if self.outlook is not None:
            arrays |= self.outlook.encode("outlook")
        if self.rivals is not None:
            arrays |= self.rivals.encode()
        for level, values in self.factors.items():
            arrays[f"factors/{level}"] = values.astype(np.float32)
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
            levels=arrays.get("levels"),
            outlook=(
                Outlook.decode("outlook", arrays) if "outlook/mean" in arrays else None
            ),
            factors={
                level: arrays[f"factors/{level}"].astype(np.float64)
                for level in LEVELS
                if f"factors/{level}" in arrays
            },
            rivals=Rivals.decode(arrays) if "rivals/drift" in arrays else None,
            seeds=tuple(SeedFigures(**seed) for seed in facts["seeds"]),
            leakage=facts["leakage"] and Leakage(**facts["leakage"]),
            model=arrays["model"].tobytes(),
        )


def _short(value: float | None) -> float | None:
    """Six digits of a figure that is one of many."""
    return float(f"{value:.6g}") if isinstance(value, float) else value
