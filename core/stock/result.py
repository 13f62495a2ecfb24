"""The result of a training: its forecasts and metrics, and the files of them."""

import csv
import functools
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Self

import numpy as np

from core.arrays import pack, unpack
from core.stock.backtest import ForecastTable
from core.stock.config import Config
from core.stock.data.calendar import next_dates
from core.stock.data.frequency import horizons_of
from core.stock.data.series import PriceSeries
from core.stock.data.split import Fold, Split, folds
from core.stock.distribution import (
    FIELDS,
    ForecastDistribution,
    student_t_quantile,
)
from core.stock.judging.breakdown import (
    FoldMetrics,
    SeedMetrics,
    metrics_by_fold,
)
from core.stock.judging.conformal import LEVELS, Factors
from core.stock.judging.horizon import (
    OF_PRICE,
    OF_RISK,
    HorizonForecast,
    select_horizon,
)
from core.stock.judging.lag import Lag, detect_lag
from core.stock.judging.leakage import Leakage
from core.stock.judging.trading import Trading, simulate
from core.stock.judging.verdict import BASELINE, Verdict, price_verdict, risk_verdict
from core.stock.models import LSTM
from core.stock.wording import count, format_time
from core.task import State

RIVAL_KEYS = (
    "best_rival",
    "nll_best_rival",
    "dm_p_risk",
    "best_price_rival",
    "rel_rmse_best",
    "dm_p_price",
)
# In the public order of the keys; newer models come last.
RISK_MODELS = tuple(
    dict.fromkeys(
        (
            *("constant", "ewma", "garch", "gjr", "har"),
            *("linear_inputs", "ets", "arima", "seasonal", "ar", "linear"),
            *OF_RISK,
        )
    )
)
PRICE_MODELS = tuple(
    dict.fromkeys(
        (
            *("drift", "linear", "ets", "arima", "seasonal", "ar"),
            *("boosting", "linear_inputs"),
            *(name for name in OF_PRICE if name != BASELINE),
        )
    )
)
SCORES_OF_RISK = (
    *(f"nll_{name}" for name in RISK_MODELS),
    "crps",
    *(f"crps_{name}" for name in RISK_MODELS),
)
LAST_KEYS = (
    "winkler_80",
    "winkler_95",
    "winkler_80_raw",
    "winkler_95_raw",
    "directional_accuracy",
    "majority_class",
    "dm_p",
    *RIVAL_KEYS,
)
KEYS = (
    "rmse",
    "mae",
    "rmse_naive",
    "mae_naive",
    "rel_rmse",
    "rel_mae",
    "nll",
    "coverage_80",
    "coverage_95",
    *SCORES_OF_RISK,
    *LAST_KEYS,
)
HORIZON_KEYS = (
    "horizon",
    "rows",
    "rel_rmse",
    "rel_mae",
    *(f"rel_rmse_{name}" for name in PRICE_MODELS),
    "mape",
    "nll",
    *SCORES_OF_RISK,
    "coverage_80",
    "coverage_95",
    "coverage_80_raw",
    "coverage_95_raw",
    "width_80",
    "width_95",
    *LAST_KEYS,
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Future:
    """The forecast of each of the days after the last price.

    Attributes
    ----------
    dates
        The next days on which a price is expected (days,), holidays included.
    median
        The median price (days,).
    bands
        Ends of the 80% and 95% intervals by the names low_80, high_80, low_95,
        high_95 (days,).
    """

    dates: np.ndarray
    median: np.ndarray
    bands: dict[str, np.ndarray]

    @property
    def columns(self) -> dict[str, np.ndarray]:
        """Columns of a table by name, one row a day."""
        return {"Date": self.dates, "median": self.median, **self.bands}

    def to_csv(self) -> str:
        """Write one line a day."""
        return to_csv(self.columns)


@dataclass(frozen=True, kw_only=True, eq=False)
class Result:
    """Forecasts of the test rows, each made at the close of the day before.

    Attributes
    ----------
    config, series, split
        Settings, data, and parts of the rows.
    epochs, seconds
        Epochs completed, and time spent training.
    levels
        Forecast price of each test row (test rows,), for a recipe without
        distributions; else None.
    table
        The forecasts of all models from the close of the day before each test row and
        from the last close of the series, or None.
    factors
        Level in percent -> widths of the conformal intervals in standard deviations,
        for the same days (test rows + 1, horizons).
    intervals
        Level -> for each horizon `conformal`, or `own` for the interval of the
        distribution itself, as was chosen on the validation part. Empty in results of
        earlier versions, which are conformal.
    accepted
        Shrinkage factors of the corrections of mean and risk in each fold (folds, 2,
        horizons); None in results of earlier versions.
    start
        Parameters of the last fold's base forecast, as `BaseForecast.parameters`
        returns them; empty in results of earlier versions.
    seeds
        Metrics of each random seed.
    leakage
        Outcome of the leakage self-test.
    model
        Content of a .keras file with the last fold's networks; empty without one.
    """

    config: Config
    series: PriceSeries
    split: Split
    epochs: int
    seconds: float
    levels: np.ndarray | None = None
    table: ForecastTable | None = None
    factors: Mapping[int, np.ndarray] = field(default_factory=dict)
    intervals: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    accepted: np.ndarray | None = None
    start: Mapping[str, Any] = field(default_factory=dict)
    seeds: tuple[SeedMetrics, ...] = ()
    leakage: Leakage | None = None
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
    def metrics(self) -> dict[str, Any]:
        """Metrics of the next day's forecasts on the test rows."""
        return self.by_horizon[1].metrics

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
            return Verdict(outcomes=(), text=text)
        return risk_verdict(list(self.by_horizon.values()), self.series.frequency)

    @property
    def verdict_price(self) -> str:
        """The verdict on the price, in sentences."""
        return self.price.text

    @property
    def verdict_risk(self) -> str:
        """The verdict on the risk, in sentences."""
        return self.risk.text

    def summary(self) -> dict[str, Any]:
        """Return the figures of the run, ready for JSON.

        `horizons` is a list of one object for each horizon, `models` of one for each
        model and horizon, and `verdict` has one for the price and one for the risk; all
        else are scalars.
        """
        waits = {"dm_p_risk": None} if self.series.splits else {}
        return {
            "recipe": self.config.recipe,
            "frequency": self.series.frequency_name,
            "rows": self.split.rows,
            "train_rows": self.split.test,
            "test_rows": self.split.rows - self.split.test,
            "epochs": self.epochs,
            "seconds": round(self.seconds, 3),
            **{key: self.metrics[key] for key in KEYS},
            **waits,
            "horizons": [
                {key: _six_digits(forecast.metrics[key]) for key in HORIZON_KEYS}
                | waits
                for forecast in self.by_horizon.values()
            ],
            "models": [
                {key: _six_digits(value) for key, value in row.items()}
                for forecast in self.by_horizon.values()
                for row in forecast.models
            ],
            "verdict": {"price": self.price.summary, "risk": self.risk.summary},
            "verdict_price": self.verdict_price,
            "verdict_risk": self.verdict_risk,
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
        if self.distribution is None:
            return None
        return forecast_future(
            self.series,
            self.horizons,
            self.distribution[-1:],
            self.last_factors(),
            self.config.forecast_days,
        )

    def last_factors(self) -> Factors:
        """Widths of the intervals from the last close, by level (horizons,)."""
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
                        kinds, values[-1], self.distribution.freedom[-1], strict=True
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
        config, parts = Config.from_dict(facts["config"]), Split(**facts["split"])
        series = PriceSeries.decode(arrays["series"].tobytes())
        if "outlook/mean" in arrays:
            horizons = horizons_of(config.horizon, series.frequency)
            arrays |= former_table(arrays, folds(config, parts), horizons)
        return cls(
            config=config,
            series=series,
            split=parts,
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
                int(level): tuple(kinds)
                for level, kinds in facts.get("intervals", {}).items()
            },
            accepted=_accepted(arrays),
            start=facts.get("start", {}),
            seeds=tuple(SeedMetrics(**seed) for seed in facts["seeds"]),
            leakage=facts["leakage"] and Leakage(**facts["leakage"]),
            model=arrays["model"].tobytes(),
        )


def _accepted(arrays: State) -> np.ndarray | None:
    """Read the shrinkage factors; earlier versions had one for mean and risk."""
    found: np.ndarray | None = arrays.get("accepted")
    if found is None or found.ndim == 3:
        return found
    return np.stack([found, found], axis=1)


def former_table(
    arrays: State, parts: Sequence[Fold], horizons: tuple[int, ...]
) -> State:
    """Rename the forecasts of a result of an earlier version to those of a table.

    It had the network's as `outlook/...`, those of the risk as `rivals/NAME/...`, and
    the means alone of the other rivals as `rivals/NAME`; the mean of the last price,
    which is zero, was left out.
    """
    network = arrays["outlook/mean"]
    table = {
        "table/origin": parts[0].test - 1 + np.arange(len(network)),
        "table/fold": np.repeat(
            np.arange(len(parts)),
            [each.end - each.test + (each is parts[-1]) for each in parts],
        ),
        "table/horizons": np.array(horizons),
    }
    former = {"outlook": LSTM}
    for key in arrays:
        kind, _, rest = key.partition("/")
        if kind == "rivals":
            former[f"rivals/{rest.split('/')[0]}"] = rest.split("/")[0]
    unknown = np.full(network.shape, np.nan, np.float32)
    for place, name in former.items():
        for each in FIELDS:
            table[f"table/{name}/{each}"] = arrays.get(f"{place}/{each}", unknown)
        if place in arrays:
            table[f"table/{name}/mean"] = arrays[place]
    names = list(former.values())
    if "drift" in names:
        names.append("naive")
        for each in FIELDS:
            table[f"table/naive/{each}"] = unknown
        table["table/naive/mean"] = np.zeros_like(unknown)
    return table | {"table/models": np.array(names)}


def _six_digits(value: float | None) -> float | None:
    return float(f"{value:.6g}") if isinstance(value, float) else value


def to_csv(columns: Mapping[str, np.ndarray]) -> str:
    """Write columns as CSV, the first as it is and the numbers with eight digits."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for first, *values in zip(*columns.values(), strict=True):
        writer.writerow([format_time(first), *(f"{value:.8g}" for value in values)])
    return text.getvalue()


def forecast_future(
    series: PriceSeries,
    horizons: tuple[int, ...],
    distribution: ForecastDistribution,
    factors: Mapping[int, np.ndarray],
    days: int,
) -> Future:
    """Forecast the days after the last price.

    Mean and variance are interpolated linearly between the horizons; beyond the last
    one they continue as between the last two.

    Parameters
    ----------
    distribution
        At the close of the last day (1, horizons).
    factors
        Level in percent -> widths of the intervals in standard deviations
        (horizons,).
    days
        Number of days.
    """
    ahead = np.arange(1, days + 1)
    mean = _interpolate(ahead, horizons, distribution.mean[0])
    # The learned variance could fall from one horizon to the next; a true one cannot.
    variance = np.maximum.accumulate(np.exp(distribution.log_variance[0]))
    deviation = np.sqrt(_interpolate(ahead, horizons, variance))
    last = float(series.prices[-1])
    bands = {}
    for level, widths in factors.items():
        reach = np.interp(ahead, horizons, widths) * deviation
        bands[f"low_{level}"] = last * np.exp(mean - reach)
        bands[f"high_{level}"] = last * np.exp(mean + reach)
    return Future(
        dates=next_dates(series.dates, days, series.frequency),
        median=last * np.exp(mean),
        bands=bands,
    )


def _interpolate(
    ahead: np.ndarray, horizons: tuple[int, ...], values: np.ndarray
) -> np.ndarray:
    """Interpolate from zero today through the values of the horizons, and beyond."""
    known, at = np.array([0, *horizons]), np.concatenate([[0.0], values])
    slope = (at[-1] - at[-2]) / (known[-1] - known[-2])
    beyond = at[-1] + slope * (ahead - known[-1])
    return np.asarray(np.where(ahead > known[-1], beyond, np.interp(ahead, known, at)))
