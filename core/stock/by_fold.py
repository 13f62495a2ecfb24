"""How good tomorrow's forecast is in each part of the test half."""

from dataclasses import dataclass

import numpy as np

from core.stock import metrics
from core.stock.result import Result


@dataclass(frozen=True, kw_only=True)
class FoldFigures:
    """One part, forecast by networks that learned from all days before it.

    Attributes
    ----------
    first, last
        Its first and last day.
    learned, rows
        Rows before it, from which its networks learned and chose, and rows in it.
    rel_rmse
        Error of the forecast divided by that of the last price, or None if the
        price did not move.
    nll, nll_garch
        Mean negative log likelihood a day, as `Result.metrics` has it, of the
        network and of GARCH(1,1), or None of a recipe without distributions.
    coverage_80
        Share of the prices inside the 80% interval, or None without one.
    """

    first: np.datetime64
    last: np.datetime64
    learned: int
    rows: int
    rel_rmse: float | None
    nll: float | None
    nll_garch: float | None
    coverage_80: float | None


def figures_by_fold(result: Result) -> list[FoldFigures]:
    """Judge each part of the test half alone, tomorrow's price and its risk."""
    view = result.views[1]
    nll, garch = (
        None if outlook is None else view.nll(outlook)
        for outlook in (view.outlook, view.rivals.get("garch"))
    )
    band = view.band(80)
    judged = []
    for fold in result.folds:
        part = slice(fold.test - result.split.test, fold.end - result.split.test)
        actual, before = view.actual[part], view.before[part]
        naive = metrics.rmse(actual, before)
        error = metrics.rmse(actual, view.predicted[part])
        inside = band and metrics.coverage(actual, band[0][part], band[1][part])
        judged.append(
            FoldFigures(
                first=view.dates[part][0],
                last=view.dates[part][-1],
                learned=fold.test,
                rows=len(actual),
                rel_rmse=error / naive if naive else None,
                nll=None if nll is None else float(nll[part].mean()),
                nll_garch=None if garch is None else float(garch[part].mean()),
                coverage_80=inside,
            )
        )
    return judged
