"""Whether price and risk are forecast better than by simpler models, in sentences.

At each horizon the network is compared with the best of its rivals, which was chosen
before the test part. The p-values of the horizons are adjusted for their number (Holm
1979). It counts as better only if it is better than every other rival too, and as worse
if any rival is better.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.stock.data.frequency import Frequency
from core.stock.judging.diebold_mariano import SIGNIFICANT, Comparison, holm
from core.stock.judging.horizon import HorizonForecast
from core.stock.wording import format_p

# Below this p-value a simple model is said to know more of the price than the last one:
# it is a claim against what is usual of prices.
PREDICTABLE = 0.01
NAMES = {
    "constant": "a constant volatility",
    "ewma": "EWMA",
    "garch": "GARCH",
    "gjr": "GJR-GARCH",
    "naive": "repeating the last known price",
    "drift": "the mean return",
    "linear": "the linear model",
    "ets": "ETS",
    "arima": "ARIMA",
    "seasonal": "the seasonal naive forecast",
}


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The network beside its rivals at one horizon.

    Attributes
    ----------
    horizon
        Rows ahead.
    rival
        The best rival, or the one that is better than the network.
    p
        Of the difference from that rival, adjusted for the number of horizons.
    kind
        `better`, `same` or `worse`.
    but
        A rival that keeps a network that is better than the best one from being better
        than all, or None.
    """

    horizon: int
    rival: str
    p: float
    kind: str
    but: str | None = None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The outcomes of all horizons, and what they mean, in sentences."""

    outcomes: tuple[Outcome, ...]
    text: str

    @property
    def kind(self) -> str:
        """`worse` or `better` if it is so at any horizon, else `same`, or ""."""
        kinds = [outcome.kind for outcome in self.outcomes]
        return next((k for k in ("worse", "better", "same") if k in kinds), "")


def risk_verdict(forecasts: Sequence[HorizonForecast], frequency: Frequency) -> Verdict:
    """Compare the network with the models of the risk.

    Parameters
    ----------
    forecasts
        One for each horizon, the nearest first.
    frequency
        How far apart the rows are.
    """
    if forecasts[0].distribution is None:
        return Verdict(outcomes=(), text="Risk: this recipe does not forecast it.")
    if not all(forecast.risk_tests for forecast in forecasts):
        text = "Risk: this result holds no other forecasts to compare it with."
        return Verdict(outcomes=(), text=text)
    outcomes = _outcomes(forecasts, lambda f: f.risk_tests, lambda f: str(f.best_rival))
    text = f"Risk: {_sentence(outcomes, frequency)}{_unchanged(forecasts, frequency)}"
    return Verdict(outcomes=outcomes, text=text)


def price_verdict(
    forecasts: Sequence[HorizonForecast], frequency: Frequency
) -> Verdict:
    """Compare the network with the models of the price."""
    if forecasts[0].metrics["rel_rmse"] is None:
        text = "Price: it did not move in the test part: there is nothing to compare."
        return Verdict(outcomes=(), text=text)
    outcomes = _outcomes(
        forecasts, lambda f: f.price_tests, lambda f: f.best_price_rival
    )
    text = (
        f"Price: {_sentence(outcomes, frequency)} At "
        f"{_ahead([forecasts[0].horizon], frequency)} its error is "
        f"{forecasts[0].metrics['rel_rmse']:.4f} times that of the last known price."
    )
    simple = _predictable(forecasts, frequency)
    if not simple and not any(outcome.kind == "better" for outcome in outcomes):
        simple = f" This is what to expect of {frequency.adjective} prices."
    return Verdict(outcomes=outcomes, text=text + simple)


def _outcomes(
    forecasts: Sequence[HorizonForecast],
    tests: Callable[[HorizonForecast], dict[str, Comparison]],
    best: Callable[[HorizonForecast], str],
) -> tuple[Outcome, ...]:
    against_best = holm([tests(f)[best(f)].p for f in forecasts])
    # The other rivals were not singled out, so that their number counts as well.
    others = [
        min(
            (
                (min(1.0, test.p * (len(tests(f)) - 1)), name)
                for name, test in tests(f).items()
                if name != best(f) and test.difference > 0
            ),
            default=(1.0, best(f)),
        )
        for f in forecasts
    ]
    against_others = holm([p for p, _ in others])
    outcomes = []
    for forecast, p, (_, other), other_p in zip(
        forecasts, against_best, others, against_others, strict=True
    ):
        rival, every = best(forecast), tests(forecast)
        kind, but = "same", None
        if p < SIGNIFICANT and every[rival].difference > 0:
            kind = "worse"
        elif other_p < SIGNIFICANT:
            kind, rival, p = "worse", other, other_p
        elif p < SIGNIFICANT:
            but = next((n for n, test in every.items() if not test.better), None)
            kind = "same" if but else "better"
        outcomes.append(
            Outcome(horizon=forecast.horizon, rival=rival, p=p, kind=kind, but=but)
        )
    return tuple(outcomes)


def _sentence(outcomes: Sequence[Outcome], frequency: Frequency) -> str:
    """Say at which horizons the forecast is better, as good, or worse."""
    parts = []
    for words, kind, partly in (
        ("better than by", "better", False),
        ("better than by", "same", True),
        ("about as well as by", "same", False),
        ("worse than by", "worse", False),
    ):
        of_kind = [o for o in outcomes if o.kind == kind and bool(o.but) == partly]
        if of_kind:
            parts.append(f"{words} {_rivals(of_kind, frequency)}")
    said = "; ".join(parts)
    if not any(outcome.kind == "better" for outcome in outcomes):
        return f"at no horizon forecast better than by all simpler models; {said}."
    return f"forecast {said}."


def _rivals(outcomes: Sequence[Outcome], frequency: Frequency) -> str:
    """Name the rivals with horizons: `EWMA at 1 and 5 days (p = 0.2 and p = 0.4)`."""
    names = list(dict.fromkeys((each.rival, each.but) for each in outcomes))
    parts = []
    for name, but in names:
        of_name = [each for each in outcomes if (each.rival, each.but) == (name, but)]
        where = _ahead([each.horizon for each in of_name], frequency)
        rest = f", but not than by {NAMES[but]}" if but else ""
        p_values = _p_values([each.p for each in of_name])
        parts.append(f"{NAMES[name]}{rest} at {where} ({p_values})")
    return _and(parts)


def _unchanged(forecasts: Sequence[HorizonForecast], frequency: Frequency) -> str:
    """Say at which horizons there was nothing to learn."""
    rows = [forecast.horizon for forecast in forecasts if forecast.unchanged]
    if not rows:
        return ""
    where = "At all horizons" if len(rows) == len(forecasts) else ""
    where = where or f"At {_ahead(rows, frequency)}"
    return (
        f" {where} nothing was found that improves on the classical forecast that "
        "the network starts from: it is used unchanged."
    )


def _predictable(forecasts: Sequence[HorizonForecast], frequency: Frequency) -> str:
    """Name the simple models that forecast the price better than the last price."""
    found = [
        (forecast, name, test.p)
        for forecast in forecasts
        for name, test in forecast.predictable.items()
    ]
    adjusted = holm([p for *_, p in found])
    better: dict[str, list[tuple[int, float, float]]] = {}
    for (forecast, name, _), p in zip(found, adjusted, strict=True):
        ratio = forecast.metrics[f"rel_rmse_{name}"]
        if p < PREDICTABLE and ratio is not None and ratio < 1:
            better.setdefault(name, []).append((forecast.horizon, ratio, p))
    parts = []
    for name, each in better.items():
        parts.append(
            f"{NAMES[name]} at {_ahead([rows for rows, *_ in each], frequency)}, with "
            f"{_and([f'{ratio:.4f}' for _, ratio, _ in each])} times its error "
            f"({_p_values([p for *_, p in each])})"
        )
    if not parts:
        return ""
    return f" Better than the last known price: {_and(parts)}."


def _p_values(values: Sequence[float]) -> str:
    """Name one p-value where all are alike, else one for each horizon."""
    named = [format_p(p) for p in values]
    return named[0] if len(set(named)) == 1 else _and(named)


def _ahead(rows: Sequence[int], frequency: Frequency) -> str:
    lengths = [each * frequency.size for each in rows]
    plural = "" if lengths == [1] else "s"
    return f"{_and([str(each) for each in lengths])} {frequency.step}{plural}"


def _and(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
