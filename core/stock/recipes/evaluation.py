"""From the forecasts of the networks to a result: intervals, rivals, joined folds."""

from collections.abc import Sequence

import numpy as np

from core.stock.config import Config
from core.stock.data.prepare import Prepared
from core.stock.data.series import PriceSeries
from core.stock.data.split import Split
from core.stock.distribution import (
    ForecastDistribution,
    single_precision,
    student_t_quantile,
)
from core.stock.judging.conformal import LEVELS, PRIOR, interval_factors
from core.stock.judging.leakage import Leakage
from core.stock.judging.metrics import rmse
from core.stock.recipes.recipe import Trained
from core.stock.result import Result, SeedMetrics
from core.stock.rivals.fitted import Rivals, fit_rivals
from core.training import Pause, Pauses

Factors = dict[int, np.ndarray]  # level in percent -> (days, horizons)


def conformal_factors(
    prepared: Prepared, distribution: ForecastDistribution, horizons: tuple[int, ...]
) -> Factors:
    """Widths of the intervals, in standard deviations (days, horizons).

    Scores count from the first validation day: before it the network was trained, and
    its errors are too small. Rows before it are NaN.

    Parameters
    ----------
    distribution
        Of the days from the first of the series.
    """
    first = prepared.fold.validation - 1
    scaling = prepared.features.scaling
    ahead = scaling.mean * np.array(horizons)
    ahead = ahead + scaling.scale * prepared.ahead[: len(distribution)]
    errors = np.abs(ahead - distribution.mean)
    scores = (errors / distribution.deviation)[first:]
    ranks = (np.arange(PRIOR) + 0.5) / PRIOR
    factors = {level: np.full(distribution.mean.shape, np.nan) for level in LEVELS}
    for column, days in enumerate(horizons):
        freedom = float(distribution.freedom[first, column])
        prior = np.asarray(student_t_quantile(0.5 + ranks / 2, freedom))
        for level in LEVELS:
            factors[level][first:, column] = interval_factors(
                scores[:, column], days, prior, level / 100
            )
    return factors


def price_bands(
    prices: np.ndarray, distribution: ForecastDistribution, factors: Factors
) -> list[np.ndarray]:
    """Return the medians as prices, and the ends of the intervals of each level."""
    bands = [prices * np.exp(distribution.mean)]
    for factor in factors.values():
        reach = factor * distribution.deviation
        bands.append(prices * np.exp(distribution.mean - reach))
        bands.append(prices * np.exp(distribution.mean + reach))
    return bands


class Evaluation:
    """Collects the forecasts of the folds, and joins them."""

    def __init__(self, horizons: tuple[int, ...]) -> None:
        self.horizons = horizons
        self.distributions: list[ForecastDistribution] = []
        self.factors: list[Factors] = []
        self.rivals: list[Rivals] = []
        self.each: list[list[ForecastDistribution]] = []  # of each fold and seed

    def add(
        self,
        prices: np.ndarray,
        prepared: Prepared,
        each: Sequence[ForecastDistribution],
        pause: Pause,
    ) -> Pauses[None]:
        """Add a fold; `each` has one forecast a seed, from the first day on."""
        distribution = ForecastDistribution.average(each)
        days = slice(prepared.fold.test - 1, len(distribution))
        factors = conformal_factors(prepared, distribution, self.horizons)
        yield from pause()
        rivals = yield from fit_rivals(
            prices,
            prepared.features,
            prepared.fold,
            self.horizons,
            len(distribution),
            pause,
        )
        self.distributions.append(distribution[days])
        self.factors.append({level: values[days] for level, values in factors.items()})
        self.rivals.append(rivals)
        self.each.append([seed[days] for seed in each])

    def result(
        self,
        *,
        config: Config,
        series: PriceSeries,
        split: Split,
        trained: Trained,
        leakage: Leakage,
        model: bytes,
    ) -> Result:
        """Join the folds."""
        factors = {
            level: np.concatenate([fold[level] for fold in self.factors])
            for level in LEVELS
        }
        return Result(
            config=config,
            series=series,
            split=split,
            epochs=trained.epochs,
            seconds=0.0,
            distribution=ForecastDistribution.concatenate(self.distributions).rounded(),
            factors={level: single_precision(f) for level, f in factors.items()},
            rivals=Rivals.concatenate(self.rivals).rounded(),
            seeds=self._seeds(series, split),
            leakage=leakage,
            model=model,
        )

    def _seeds(self, series: PriceSeries, split: Split) -> tuple[SeedMetrics, ...]:
        """Metrics of the next day's price and risk for each seed."""
        before, actual = series.prices[split.test - 1 : -1], series.prices[split.test :]
        log_returns = np.log(actual / before)
        naive = rmse(actual, before)
        unit = np.log(np.diff(np.log(series.prices[: split.test])).std())
        metrics = []
        for folds in zip(*self.each, strict=True):
            distribution = ForecastDistribution.concatenate(folds)[:-1].column(0)
            error = rmse(actual, before * np.exp(distribution.mean))
            metrics.append(
                SeedMetrics(
                    rel_rmse=error / naive if naive else 1.0,
                    nll=float(distribution.nll(log_returns).mean() - unit),
                )
            )
        return tuple(metrics)
