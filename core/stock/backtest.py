"""The backtest: every model forecasts every fold, into one table of forecasts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from core.stock.data.split import Fold
from core.stock.distribution import ForecastDistribution
from core.stock.models.model import Model, Rows
from core.task import State
from core.training import Pause, Pauses

if TYPE_CHECKING:  # Home imports this module, and pandas takes half a second
    import pandas as pd

PARTS = ("validation", "test")


@dataclass(frozen=True, kw_only=True, eq=False)
class ForecastTable:
    """The forecasts of all models from the close of each row, in each fold.

    `frame` is one long table of them; the arrays avoid its repetitions.
    """

    # The row of the close that is forecast from (rows,): consecutive within a fold, and
    # in the test parts of all folds
    origin: np.ndarray
    fold: np.ndarray  # index of the fold (rows,)
    # Whether the next row is in the fold's test part, else it is in its validation part
    # (rows,). The last row of the series, whose next row is not known, is in the test
    # part.
    test: np.ndarray
    horizons: tuple[int, ...]  # rows ahead
    # Name of a model -> distributions of the log returns ahead (rows, horizons). NaN
    # without a forecast: in validation parts the network forecasts alone.
    forecasts: Mapping[str, ForecastDistribution]

    @classmethod
    def concatenate(cls, parts: Sequence["ForecastTable"]) -> Self:
        """Join the tables of folds that follow one another."""
        return cls(
            origin=np.concatenate([part.origin for part in parts]),
            fold=np.concatenate([part.fold for part in parts]),
            test=np.concatenate([part.test for part in parts]),
            horizons=parts[0].horizons,
            forecasts={
                name: ForecastDistribution.concatenate(
                    [part.forecasts[name] for part in parts]
                )
                for name in parts[0].forecasts
            },
        )

    def __getitem__(self, rows: np.ndarray) -> Self:
        """Select rows by a mask (rows,)."""
        return type(self)(
            origin=self.origin[rows],
            fold=self.fold[rows],
            test=self.test[rows],
            horizons=self.horizons,
            forecasts={name: each[rows] for name, each in self.forecasts.items()},
        )

    @property
    def frame(self) -> "pd.DataFrame":
        """One line an origin, horizon, model and fold: the forecast and its part."""
        import pandas as pd

        rows, columns = len(self.origin), len(self.horizons)
        lines = {
            "origin": np.repeat(self.origin, columns),
            "horizon": np.tile(self.horizons, rows),
            "fold": np.repeat(self.fold, columns),
            "part": np.repeat(np.array(PARTS)[self.test.astype(int)], columns),
        }
        return pd.concat(
            [
                pd.DataFrame(
                    lines
                    | {
                        "model": name,
                        "mean": each.mean.ravel(),
                        "deviation": each.deviation.ravel(),
                        "freedom": each.freedom.ravel(),
                    }
                ).dropna(subset="mean")
                for name, each in self.forecasts.items()
            ],
            ignore_index=True,
        )

    def encode(self) -> State:
        """Return named arrays of the test part, single precision."""
        test = self[self.test]
        arrays = {
            "table/origin": test.origin,
            "table/fold": test.fold,
            "table/horizons": np.array(test.horizons),
            "table/models": np.array(list(test.forecasts)),
        }
        for name, forecast in test.forecasts.items():
            arrays |= forecast.encode(f"table/{name}")
        return arrays

    @classmethod
    def decode(cls, arrays: State) -> Self:
        """Decode the bytes of `encode`."""
        origin = arrays["table/origin"]
        return cls(
            origin=origin,
            fold=arrays["table/fold"],
            test=np.ones(len(origin), bool),
            horizons=tuple(arrays["table/horizons"].tolist()),
            forecasts={
                name: ForecastDistribution.decode(f"table/{name}", arrays)
                for name in arrays["table/models"].tolist()
            },
        )

    def rounded(self) -> Self:
        """Return the test part in single precision, as it is stored."""
        return self.decode(self.encode())


def backtest(
    models: Sequence[Model], folds: Sequence[Fold], rows: Sequence[Rows], pause: Pause
) -> Pauses[ForecastTable]:
    """Fit all models to the rows before each fold's test part, and forecast.

    Parameters
    ----------
    models
        Each forecasts the test part; the network its validation part, too.
    folds
        The parts of the series that are forecast.
    rows
        Of each fold, those before its test part.
    """
    tables = []
    for number, (fold, before) in enumerate(zip(folds, rows, strict=True)):
        last = fold.end == len(before.series)  # the last row is an origin, too
        origins = slice(fold.validation - 1, fold.end - 1 + last)
        forecasts = {}
        for model in models:
            forecasts[model.name] = before.fit(model).predict(origins)
            yield from pause()
        origin = np.arange(origins.start, origins.stop)
        table = ForecastTable(
            origin=origin,
            fold=np.full(len(origin), number),
            test=origin >= fold.test - 1,
            horizons=before.horizons,
            forecasts=forecasts,
        )
        known = [~np.isnan(each.mean[:, 0]) for each in forecasts.values()]
        tables.append(table[np.any(known, axis=0)])
    return ForecastTable.concatenate(tables)


def by_fold(table: ForecastTable) -> Iterator[ForecastTable]:
    """Split a table into those of its folds."""
    for number in np.unique(table.fold):
        yield table[table.fold == number]
