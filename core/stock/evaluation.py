"""From the networks' forecasts to a result: intervals, rivals, and the folds joined."""

from collections.abc import Sequence

import numpy as np

from core.stock.config import Config
from core.stock.conformal import LEVELS, PRIOR, interval_factors
from core.stock.leakage import Leakage
from core.stock.metrics import rmse
from core.stock.outlook import Outlook, single
from core.stock.preparing import Prepared
from core.stock.recipe import Trained
from core.stock.result import Result, SeedFigures
from core.stock.rivals import Rivals, rivals_of
from core.stock.series import PriceSeries
from core.stock.split import Split
from core.stock.student_t import student_t_quantile
from core.training import Pause, Pauses

Factors = dict[int, np.ndarray]  # level in percent -> (days, horizons)


def factors_of(
    prepared: Prepared, outlook: Outlook, horizons: tuple[int, ...]
) -> Factors:
    """Widths of the intervals, in standard deviations (days, horizons).

    Scores count from the first validation day on: the days before trained the
    network, and its errors there are too small. Rows before it are NaN.

    Parameters
    ----------
    outlook
        Of the days from the first of the series on.
    """
    first = prepared.fold.validation - 1
    mean = prepared.features.mean * np.array(horizons)
    ahead = mean + prepared.features.scale * prepared.ahead[: len(outlook)]
    scores = (np.abs(ahead - outlook.mean) / outlook.deviation)[first:]
    places = (np.arange(PRIOR) + 0.5) / PRIOR
    factors = {level: np.full(outlook.mean.shape, np.nan) for level in LEVELS}
    for column, days in enumerate(horizons):
        freedom = float(outlook.freedom[first, column])
        prior = np.asarray(student_t_quantile(0.5 + places / 2, freedom))
        for level in LEVELS:
            factors[level][first:, column] = interval_factors(
                scores[:, column], days, prior, level / 100
            )
    return factors


def in_prices(prices: np.ndarray, outlook: Outlook) -> np.ndarray:
    """Return the middle of each distribution, made at `prices`, as a price."""
    return np.asarray(prices * np.exp(outlook.mean))


def band_prices(
    prices: np.ndarray, outlook: Outlook, factors: Factors
) -> dict[str, np.ndarray]:
    """Return the ends of the intervals as prices, by names such as low_80."""
    bands = {}
    for level, wide in factors.items():
        reach = wide * outlook.deviation
        bands[f"low_{level}"] = prices * np.exp(outlook.mean - reach)
        bands[f"high_{level}"] = prices * np.exp(outlook.mean + reach)
    return bands


class Evaluation:
    """What is known of the folds judged so far."""

    def __init__(self, horizons: tuple[int, ...]) -> None:
        self.horizons = horizons
        self.outlooks: list[Outlook] = []
        self.factors: list[Factors] = []
        self.rivals: list[Rivals] = []
        self.each: list[list[Outlook]] = []  # of each fold and seed

    def add(
        self,
        prices: np.ndarray,
        prepared: Prepared,
        each: Sequence[Outlook],
        pause: Pause,
    ) -> Pauses[None]:
        """Judge a fold; `each` is one outlook a seed, from the first day on."""
        outlook = Outlook.average(each)
        days = slice(prepared.fold.test - 1, len(outlook))
        factors = factors_of(prepared, outlook, self.horizons)
        yield from pause()
        rivals = yield from rivals_of(
            prices,
            prepared.features,
            prepared.fold,
            self.horizons,
            len(outlook),
            pause,
        )
        self.outlooks.append(outlook[days])
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
        outlook = Outlook.join(self.outlooks)
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
            outlook=outlook.rounded(),
            factors={level: single(values) for level, values in factors.items()},
            rivals=Rivals.join(self.rivals).rounded(),
            seeds=self._seeds(series, split),
            leakage=leakage,
            model=model,
        )

    def _seeds(self, series: PriceSeries, split: Split) -> tuple[SeedFigures, ...]:
        """How good each seed's networks are alone, tomorrow's price and its risk."""
        before, actual = series.prices[split.test - 1 : -1], series.prices[split.test :]
        moves = np.log(actual / before)
        naive = rmse(actual, before)
        unit = np.log(np.diff(np.log(series.prices[: split.test])).std())
        figures = []
        for folds in zip(*self.each, strict=True):
            outlook = Outlook.join(folds)[:-1].column(0)
            error = rmse(actual, in_prices(before, outlook))
            figures.append(
                SeedFigures(
                    rel_rmse=error / naive if naive else 1.0,
                    nll=float(outlook.nll(moves).mean() - unit),
                )
            )
        return tuple(figures)
