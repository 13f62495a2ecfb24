"""The result of a training: its forecasts and metrics, and the files of them."""

import functools
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

import numpy as np

from core.arrays import pack, unpack
from core.stock.backtest import ForecastTable
from core.stock.config import Config
from core.stock.data.series import PriceSeries
from core.stock.data.split import Fold, Split, folds
from core.stock.distribution import ForecastDistribution, student_t_quantile
from core.stock.future import Future, forecast_future, to_csv
from core.stock.judging.breakdown import (
    FoldMetrics,
    SeedMetrics,
    metrics_by_fold,
    seeds_agree,
)
from core.stock.judging.conformal import LEVELS, Factors
from core.stock.judging.horizon import (
    HorizonForecast,
    IntervalMetrics,
    ModelMetrics,
    select_horizon,
)
from core.stock.judging.lag import Lag, detect_lag
from core.stock.judging.leakage import Leakage
from core.stock.judging.trading import Trading, simulate
from core.stock.judging.verdict import Verdict, price_verdict, risk_verdict
from core.stock.models import LSTM
from core.stock.wording import count

# Of the network's forecasts of the next day, in the JSON.
KEYS = (
    *("rel_rmse", "rel_mae", "rmse_percent", "mae_percent", "rmse_currency"),
    *("mae_currency", "nll", "crps", "directional_accuracy"),
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Result:
    """Forecasts of the test rows, each made at the close of the day before."""

    # Settings, data, and parts of the rows
    config: Config
    series: PriceSeries
    split: Split
    # Epochs completed, and time spent training
    epochs: int
    seconds: float
    # Forecast price of each test row (test rows,), for a recipe without distributions;
    # else None
    levels: np.ndarray | None = None
    # The forecasts of all models from the close of the day before each test row and
    # from the last close of the series, or None
    table: ForecastTable | None = None
    # Level in percent -> widths of the conformal intervals in standard deviations, for
    # the same days (test rows + 1, horizons)
    factors: Mapping[int, np.ndarray] = field(default_factory=dict)
    # Level -> for each horizon `conformal`, or `own` for the interval of the
    # distribution itself, as was chosen on the validation part
    intervals: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    # Shrinkage factors of the corrections of mean and risk in each fold (folds, 2,
    # horizons); None for a recipe without distributions
    accepted: np.ndarray | None = None
    # Parameters of the last fold's base forecast, as `BaseForecast.parameters` returns
    # them; empty for a recipe without distributions
    start: Mapping[str, Any] = field(default_factory=dict)
    seeds: tuple[SeedMetrics, ...] = ()  # metrics of each random seed
    leakage: Leakage | None = None  # outcome of the leakage self-test
    # Content of a .keras file with the last fold's networks; empty without one
    model: bytes = b""

    @property
    def data(self) -> PriceSeries:
        """The training data, by the name of all tasks."""
        return self.series

    @property
    def distribution(self) -> ForecastDistribution | None:
        """The network's forecasts (test rows + 1, horizons), or None."""
        return self.table.forecasts[LSTM] if self.table else None

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
        """The price of the day before each test row."""
        return self.series.prices[self.split.test - 1 : -1]

    @property
    def predicted(self) -> np.ndarray:
        """Forecast price of each test row (test rows,)."""
        return self.by_horizon[1].predicted

    @functools.cached_property
    def bands(self) -> dict[str, np.ndarray]:
        """The ends of the 80% and 95% intervals of the next day's price.

        By the names low_80, high_80, low_95, high_95, each (test rows,); empty for a
        recipe without intervals.
        """
        bands = {}
        for level in LEVELS:
            if (ends := self.by_horizon[1].interval(level)) is not None:
                bands[f"low_{level}"], bands[f"high_{level}"] = ends
        return bands

    @property
    def folds(self) -> list[Fold]:
        """The parts of the test rows, and the rows before each."""
        return folds(self.config, self.split)

    @property
    def horizons(self) -> tuple[int, ...]:
        """The forecast horizons in rows."""
        return self.table.horizons if self.table else (1,)

    @functools.cached_property
    def by_horizon(self) -> dict[int, HorizonForecast]:
        """Forecasts and metrics of each horizon, the nearest first."""
        return {
            days: select_horizon(
                self.series,
                self.split.test,
                days,
                column,
                levels=self.levels,
                table=self.table,
                factors=self.factors,
                intervals=self.intervals,
                accepted=self.accepted,
            )
            for column, days in enumerate(self.horizons)
        }

    @property
    def by_fold(self) -> list[FoldMetrics]:
        """Metrics of the next day's forecasts in each fold."""
        return metrics_by_fold(self.by_horizon[1], self.folds)

    @property
    def seeds_agree(self) -> str:
        """How many of the random seeds alone beat the simple models, or ""."""
        return seeds_agree(self.seeds, self.by_horizon[1])

    @property
    def network(self) -> ModelMetrics:
        """Metrics of the network's forecasts of the next day."""
        return self.by_horizon[1].network

    @functools.cached_property
    def price(self) -> Verdict:
        """Whether the price is forecast better than by simpler models."""
        return price_verdict(list(self.by_horizon.values()), self.series.frequency)

    @functools.cached_property
    def risk(self) -> Verdict:
        """Whether the risk is forecast better than by simpler models.

        Postponed while the series has splits that may be unadjusted, whose returns
        would dominate every comparison of risks.
        """
        if splits := self.series.splits:
            named = ", ".join(f"{split.ratio} on {split.date}" for split in splits)
            text = (
                "Risk: not judged yet, as the prices seem not to be adjusted for "
                f"{count(len(splits), 'split')} ({named}). Choose whether to adjust or "
                "to keep them; after adjusting, train again."
            )
            plain = "The risk is not judged yet: the prices may have unadjusted splits."
            return Verdict(outcomes=(), plain=plain, text=text)
        return risk_verdict(list(self.by_horizon.values()), self.series.frequency)

    def summary(self) -> dict[str, Any]:
        """Return the figures of the run, ready for JSON.

        Scalars are of the network's forecasts of the next day. `models` has one record
        a model and horizon, `intervals` one an interval and horizon.
        """
        forecasts, next_day = self.by_horizon.values(), self.by_horizon[1]
        shown = {level: next_day.shown(level) for level in LEVELS}
        waits = {"p_risk": None} if self.series.splits else {}
        models = [each for f in forecasts for each in f.models.values()]
        return {
            "recipe": self.config.recipe,
            "frequency": self.series.frequency_name,
            "rows": self.split.rows,
            "train_rows": self.split.test,
            "test_rows": self.split.rows - self.split.test,
            "epochs": self.epochs,
            "seconds": round(self.seconds, 3),
            **{key: getattr(self.network, key) for key in KEYS},
            **{f"coverage_{n}": each and each.coverage for n, each in shown.items()},
            **{f"winkler_{n}": each and each.winkler for n, each in shown.items()},
            "majority_class": next_day.direction and next_day.direction.majority,
            "models": [_record(each) | waits for each in models],
            "intervals": [_record(each) for f in forecasts for each in f.intervals],
            "verdict": {"price": self.price.summary, "risk": self.risk.summary},
            "verdict_price": self.price.text,
            "verdict_risk": self.risk.text,
        }

    @property
    def columns(self) -> dict[str, np.ndarray]:
        """Columns of a table of the next day's forecasts, one row a test row."""
        return {
            "Date": self.dates,
            "actual": self.actual,
            "predicted": self.predicted,
            "naive": self.naive,
            **self.bands,
        }

    def to_csv(self) -> str:
        """Write one line a test row and horizon, with `HorizonForecast.columns`."""
        every = [forecast.columns for forecast in self.by_horizon.values()]
        return to_csv(
            {name: np.concatenate([each[name] for each in every]) for name in every[0]}
        )

    @functools.cached_property
    def future(self) -> Future | None:
        """The days after the last price, or None for a recipe without distributions."""
        return self.future_at(len(self.dates), self.config.forecast_days)

    def future_at(self, row: int, days: int) -> Future | None:
        """Return the forecast at the close before a test row.

        `len(dates)` is the row after the last one.
        """
        if self.distribution is None:
            return None
        return forecast_future(
            self.series,
            self.split.test + row,
            self.horizons,
            self.distribution[row : row + 1],
            self.factors_at(row),
            days,
        )

    def factors_at(self, row: int) -> Factors:
        """Widths of the intervals of `future_at`, by level (horizons,)."""
        assert self.distribution is not None
        factors = {}
        for level, values in self.factors.items():
            kinds = self.intervals.get(level, ("conformal",) * len(self.horizons))
            factors[level] = np.array(
                [
                    width
                    if kind == "conformal"
                    else student_t_quantile(0.5 + level / 200, float(freedom))
                    for kind, width, freedom in zip(
                        kinds, values[row], self.distribution.freedom[row], strict=True
                    )
                ]
            )
        return factors

    @functools.cached_property
    def lag(self) -> Lag:
        """Whether the forecast repeats an earlier price."""
        return detect_lag(self.actual, self.predicted, self.series.frequency)

    @functools.cached_property
    def trading(self) -> Trading:
        """The trading simulation at the cost of the Config."""
        first = self.split.test - 1
        rises = np.append(self.predicted > self.naive, False)
        dates, prices = self.series.dates[first:], self.series.prices[first:]
        return simulate(dates, prices, rises, self.config.cost)

    def encode(self) -> bytes:
        """Write the whole result; `decode` reads it again."""
        facts = {
            "config": asdict(self.config),
            "split": asdict(self.split),
            "epochs": self.epochs,
            "seconds": self.seconds,
            "seeds": [asdict(seed) for seed in self.seeds],
            "leakage": self.leakage and asdict(self.leakage),
            "intervals": self.intervals,
            "start": self.start,
        }
        arrays = {
            "facts": np.array(json.dumps(facts)),
            "series": np.frombuffer(self.series.encode(), np.uint8),
            "model": np.frombuffer(self.model, np.uint8),
        }
        if self.levels is not None:
            arrays["levels"] = self.levels
        if self.table is not None:
            arrays |= self.table.encode()
        if self.accepted is not None:
            arrays["accepted"] = self.accepted
        for level, values in self.factors.items():
            arrays[f"factors/{level}"] = values.astype(np.float32)
        return pack(arrays, compress=True)

    @classmethod
    def decode(cls, content: bytes) -> Self:
        """Decode the bytes of `encode`."""
        arrays = unpack(content)
        facts = json.loads(str(arrays["facts"]))
        return cls(
            config=Config.from_dict(facts["config"]),
            series=PriceSeries.decode(arrays["series"].tobytes()),
            split=Split(**facts["split"]),
            epochs=facts["epochs"],
            seconds=facts["seconds"],
            levels=arrays.get("levels"),
            table=ForecastTable.decode(arrays) if "table/origin" in arrays else None,
            factors={
                level: arrays[f"factors/{level}"].astype(np.float64)
                for level in LEVELS
                if f"factors/{level}" in arrays
            },
            intervals={
                int(level): tuple(kinds) for level, kinds in facts["intervals"].items()
            },
            accepted=arrays.get("accepted"),
            start=facts["start"],
            seeds=tuple(SeedMetrics(**seed) for seed in facts["seeds"]),
            leakage=facts["leakage"] and Leakage(**facts["leakage"]),
            model=arrays["model"].tobytes(),
        )


def _record(metrics: ModelMetrics | IntervalMetrics) -> dict[str, Any]:
    """Return metrics by name, numbers with six digits."""
    return {
        name: float(f"{value:.6g}") if isinstance(value, float) else value
        for name, value in asdict(metrics).items()
    }
