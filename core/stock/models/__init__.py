"""Models of price and risk: a class each, fitted to rows and asked for forecasts."""

from core.stock.models.choice import Choice, choose, standard_error
from core.stock.models.linear import Drift, Linear, Naive
from core.stock.models.model import Fitted, Model, Rows
from core.stock.models.smoothing import Arima, Ets, Seasonal
from core.stock.models.variance import Constant, Ewma, Garch, Gjr

__all__ = [
    "ALL",
    "LSTM",
    "STARTS",
    "Choice",
    "Fitted",
    "Model",
    "Rows",
    "choose",
    "rivals",
    "standard_error",
]

LSTM = "lstm"  # the name of the network among the models
CONSTANT, EWMA, GARCH, GJR = Constant(), Ewma(), Garch(), Gjr()
NAIVE, DRIFT, LINEAR = Naive(), Drift(), Linear()
SEASONAL, ETS, ARIMA = Seasonal(), Ets(), Arima()
# By simplicity. The network can start from the first ones.
STARTS: tuple[Model, ...] = (CONSTANT, EWMA, GARCH, GJR, NAIVE, DRIFT, LINEAR)
ALL: tuple[Model, ...] = (
    *(CONSTANT, EWMA, GARCH, GJR),
    *(NAIVE, DRIFT, SEASONAL, ETS, ARIMA, LINEAR),
)
OF_SEASONS = (SEASONAL, ARIMA)


def rivals(season: int) -> tuple[Model, ...]:
    """Return the models that the network is compared with, the simplest first.

    Parameters
    ----------
    season
        Rows after which a season repeats; 1 without seasons.
    """
    return tuple(model for model in ALL if season > 1 or model not in OF_SEASONS)
