"""Models of price and risk: a class each, fitted to rows and asked for forecasts."""

from core.stock.data.frequency import Frequency
from core.stock.models.base import MEANS, VOLATILITY
from core.stock.models.boosting import Boosting
from core.stock.models.har import Har
from core.stock.models.linear_inputs import LinearInputs
from core.stock.models.model import Fitted, Model, Rows
from core.stock.models.seasonal import Seasonal
from core.stock.models.smoothing import Arima, Ets

__all__ = [
    "ALL",
    "BOOSTING",
    "LINEAR_INPUTS",
    "LSTM",
    "SIMPLE",
    "Fitted",
    "Model",
    "Rows",
    "rivals",
]

LSTM = "lstm"  # the name of the network among the models
LINEAR_INPUTS, BOOSTING = LinearInputs.name, Boosting.name
NAIVE, DRIFT, AR, LINEAR = MEANS
SEASONAL, ARIMA = Seasonal(), Arima()
# Classical and linear models, by simplicity: the network counts as better if it is
# better than each of them.
SIMPLE: tuple[Model, ...] = (
    *(*VOLATILITY, Har()),
    *(NAIVE, DRIFT, SEASONAL, Ets(), ARIMA, AR, LINEAR),
)
ALL: tuple[Model, ...] = (*SIMPLE, Boosting(), LinearInputs())


def rivals(frequency: Frequency) -> tuple[Model, ...]:
    """Return the models that the network is compared with, the simplest first.

    ARIMA is slow: it is there where prices have seasons of a few rows.
    """
    left_out: set[Model] = set()
    if frequency.season == 1:
        left_out.add(ARIMA)
    if frequency.intraday or frequency.step == "year":
        left_out.add(SEASONAL)
    return tuple(model for model in ALL if model not in left_out)
