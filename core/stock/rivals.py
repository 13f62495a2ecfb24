"""What every forecast is held against, fitted to the same rows and filtered on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.stock.features import Features, moving_variance
from core.stock.garch import Garch
from core.stock.linear import linear_forecast
from core.stock.outlook import Outlook, single
from core.stock.split import Fold
from core.stock.student_t import student_t_nll
from core.task import State
from core.training import Pause, Pauses

MONTH = 0.94  # memory of the moving variance, as RiskMetrics (1996) has it
RISKS = ("ewma", "garch", "gjr")
FREEDOMS = np.array([2.5, 3, 3.5, 4, 5, 6, 8, 10, 15, 20, 30, 50, 100])


@dataclass(frozen=True, kw_only=True, eq=False)
class Rivals:
    """The forecasts of the models that are not networks, from each day's close.

    Attributes
    ----------
    risks
        Name, one of `RISKS` -> distributions of the log returns ahead.
    drift
        Mean of the log returns ahead, from the mean day before (days, horizons).
    linear
        What the linear model forecasts (days, horizons).
    """

    risks: dict[str, Outlook]
    drift: np.ndarray
    linear: np.ndarray

    @classmethod
    def join(cls, parts: "Sequence[Rivals]") -> "Rivals":
        """Put parts that follow one another in time into one."""
        return cls(
            risks={
                name: Outlook.join([part.risks[name] for part in parts])
                for name in RISKS
            },
            drift=np.concatenate([part.drift for part in parts]),
            linear=np.concatenate([part.linear for part in parts]),
        )

    def rounded(self) -> "Rivals":
        """Return what `encode` and `decode` would: numbers of single precision."""
        return Rivals(
            risks={name: outlook.rounded() for name, outlook in self.risks.items()},
            drift=single(self.drift),
            linear=single(self.linear),
        )

    def encode(self) -> State:
        """Return named arrays, single precision; `decode` reads them again."""
        arrays = {
            "rivals/drift": self.drift.astype(np.float32),
            "rivals/linear": self.linear.astype(np.float32),
        }
        for name, outlook in self.risks.items():
            arrays |= outlook.encode(f"rivals/{name}")
        return arrays

    @classmethod
    def decode(cls, arrays: State) -> "Rivals":
        """Read what `encode` wrote."""
        return cls(
            risks={name: Outlook.decode(f"rivals/{name}", arrays) for name in RISKS},
            drift=arrays["rivals/drift"].astype(np.float64),
            linear=arrays["rivals/linear"].astype(np.float64),
        )


def rivals_of(
    prices: np.ndarray,
    known: Features,
    fold: Fold,
    horizons: tuple[int, ...],
    end: int,
    pause: Pause,
) -> Pauses[Rivals]:
    """Fit the rivals on the rows before the fold's test part; forecast up to `end`.

    Pauses between two of them, and returns all.
    """
    days = slice(fold.test - 1, end)
    past = known.returns[1 : fold.test]
    risks = {"ewma": _moving(known, past, horizons)[days]}
    for name, asymmetric in (("garch", False), ("gjr", True)):
        yield from pause()
        model = Garch.fit(past, asymmetric)
        sums = model.sum_of_variances(model.next_variance(known.returns), horizons)
        mean = model.mean * np.array(horizons)
        risks[name] = known.outlook(mean, np.log(sums), model.freedom, horizons)[days]
    yield from pause()
    linear = [linear_forecast(prices, ahead, fold.test)[days] for ahead in horizons]
    drift = known.mean * np.array(horizons, float)
    return Rivals(
        risks=risks,
        drift=np.broadcast_to(drift, (end - fold.test + 1, len(horizons))),
        linear=np.stack(linear, axis=1),
    )


def _moving(known: Features, past: np.ndarray, horizons: tuple[int, ...]) -> Outlook:
    """Forecast by the plain moving variance, with the tails that fit the past best."""
    log_variance = np.log(moving_variance(known.returns, MONTH))
    seen = log_variance[: len(past)]  # as seen the day before each return
    likelihoods = [
        student_t_nll(past, np.zeros(1), seen, tails).mean() for tails in FREEDOMS
    ]
    freedom = float(FREEDOMS[np.argmin(likelihoods)])
    return known.outlook(
        np.zeros(len(horizons)),
        log_variance[:, None] + np.log(horizons),
        freedom,
        horizons,
    )
