"""Whether price and risk are forecast better than by simpler models, in sentences.

At each horizon the network is compared with every simple model (`models.SIMPLE`). It
counts as better if it is better than each of them: its p-value is the largest of theirs
(Berger 1982). The horizons are tested in order, the nearest first, so that a farther
one counts only if all nearer ones do (Maurer, Hothorn and Lehmacher 1995). The named
rival is the best one in the test part; this choice after the test is conservative. The
network counts as worse, even if it is better than each simple model, if any rival is
better, boosting and `linear_inputs` included, adjusted for the number of rivals; or if
the last price is, unadjusted. The contribution of the LSTM is the comparison with
`linear_inputs`, the same inputs without it, in the same order of horizons. Differences
below `LEAST` count as equal, however significant they are.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from core.stats import holm
from core.stock.data.frequency import Frequency
from core.stock.judging.diebold_mariano import SIGNIFICANT, Comparison
from core.stock.judging.horizon import SIMPLE_NAMES, HorizonForecast
from core.stock.models import ALL, LINEAR_INPUTS, LSTM
from core.stock.wording import format_p

# Level of the claim that a model predicts the price: prices rarely are predictable.
PREDICTABLE = 0.01
LEAST = 5e-4  # difference: of the relative error, or of the mean NLL
TWICE = 0.995  # gain from which an error is given as a multiple
BASELINE = "naive"  # the rival that is fixed beforehand
NAMES = {model.name: model.phrase for model in ALL}
PUBLIC = {"better": "better", "same": "equal", "worse": "worse"}  # names in the JSON


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The network beside its rivals at one horizon.

    Attributes
    ----------
    horizon
        Rows ahead.
    rival
        The best simple model, or the rival that is better than the network.
    p
        Of the difference, adjusted as the module says.
    kind
        `better`, `same` or `worse`.
    gain
        Error of the network divided by that of the rival, minus 1, of the price; its
        negative log-likelihood minus the rival's, of the risk.
    adds, adds_p
        The same against its inputs without the LSTM: `better`, `same` or `worse`, or
        "" where they were not fitted; and the p-value, adjusted in the same way.
    """

    horizon: int
    rival: str
    p: float
    kind: str
    gain: float = 0.0
    adds: str = ""
    adds_p: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The outcomes of all horizons, and their meaning in sentences.

    Attributes
    ----------
    outcomes
        One a horizon, the nearest first.
    text
        The sentences.
    predicted_by
        The best of the models that predict the price significantly. Of the risk: the
        likeliest model one row ahead, if it is better than a constant volatility. None
        without one.
    """

    outcomes: tuple[Outcome, ...]
    text: str
    predicted_by: str | None = None

    @property
    def kind(self) -> str:
        """`worse` or `better` if it is so at any horizon, else `same`, or ""."""
        kinds = [outcome.kind for outcome in self.outcomes]
        return next((k for k in ("worse", "better", "same") if k in kinds), "")

    @property
    def deciding(self) -> Outcome | None:
        """The nearest horizon whose outcome is that of the whole, or None."""
        return next((o for o in self.outcomes if o.kind == self.kind), None)

    @property
    def summary(self) -> dict[str, object]:
        """Return it for the JSON; None where there is nothing to compare."""
        deciding = self.deciding
        return {
            "is": PUBLIC.get(self.kind),
            "than": deciding.rival if deciding else None,
            "p": deciding.p if deciding else None,
            "predicted_by": self.predicted_by,
            "outcomes": [
                {
                    "horizon": each.horizon,
                    "is": PUBLIC[each.kind],
                    "than": each.rival,
                    "p": each.p,
                    "adds": PUBLIC.get(each.adds),
                }
                for each in self.outcomes
            ],
        }


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
    outcomes = _outcomes(
        forecasts,
        lambda f: f.risk_tests,
        lambda f: str(f.best_rival),
        lambda f, rival: f.risk_tests[rival].difference,
        # The likelihood depends on the mean, too.
        lambda f: f.moves_risk or f.moves_mean,
    )
    return Verdict(
        outcomes=outcomes,
        text=f"Risk: {_sentences(outcomes, frequency, _nats, ' of the risk')}",
        predicted_by=_of_risk(forecasts[0], outcomes[0]),
    )


def price_verdict(
    forecasts: Sequence[HorizonForecast], frequency: Frequency
) -> Verdict:
    """Compare the network with the models of the price.

    Horizons at which the last price has no error at all are left out.
    """
    forecasts = [f for f in forecasts if f.network.rel_rmse is not None]
    if not forecasts:
        text = "Price: it did not move in the test part: there is nothing to compare."
        return Verdict(outcomes=(), text=text)
    outcomes = _outcomes(
        forecasts,
        lambda f: f.price_tests,
        lambda f: f.best_price_rival,
        lambda f, rival: f.network.rmse / f.models[rival].rmse - 1,
        lambda f: f.moves_mean,
    )
    found = _predictable(forecasts)
    is_better = any(outcome.kind == "better" for outcome in outcomes)
    text = f"Price: {_sentences(outcomes, frequency, _percent)}"
    if found and not is_better:
        text += f" {_predicts(found, frequency)}"
    elif all(outcome.kind == "same" for outcome in outcomes):
        text += f" This is what to expect of {frequency.adjective} prices."
    predicted_by = LSTM if is_better else found and found.name
    return Verdict(outcomes=outcomes, text=text, predicted_by=predicted_by or None)


def _outcomes(
    forecasts: Sequence[HorizonForecast],
    tests: Callable[[HorizonForecast], dict[str, Comparison]],
    best: Callable[[HorizonForecast], str],
    gain: Callable[[HorizonForecast, str], float],
    moves: Callable[[HorizonForecast], bool],
) -> tuple[Outcome, ...]:
    """Return the outcomes of all horizons.

    Parameters
    ----------
    tests, best
        The comparisons with all rivals at a horizon, and the best simple model there.
    gain
        The difference from a rival: below 0, the network is better.
    moves
        Whether the LSTM's correction is larger than zero.
    """
    every = [
        {
            name: test if abs(gain(f, name)) >= LEAST else replace(test, p=1.0)
            for name, test in tests(f).items()
        }
        for f in forecasts
    ]
    p_better = _in_order(
        [
            1.0 if _better_rival(each)[0] < SIGNIFICANT else _largest_p(each)
            for each in every
        ]
    )
    added = _added(
        [
            each.get(LINEAR_INPUTS) if moves(f) else None
            for f, each in zip(forecasts, every, strict=True)
        ]
    )
    outcomes = []
    for number, (f, compared) in enumerate(zip(forecasts, every, strict=True)):
        kind, rival, p = _kind(compared, best(f), p_better[number])
        adds, adds_p = added[number] if LINEAR_INPUTS in compared else ("", 1.0)
        outcomes.append(
            Outcome(
                horizon=f.horizon,
                rival=rival,
                p=p,
                kind=kind,
                gain=float(gain(f, rival)),
                adds=adds,
                adds_p=adds_p,
            )
        )
    return tuple(outcomes)


def _kind(
    tests: Mapping[str, Comparison], best: str, p_better: float
) -> tuple[str, str, float]:
    """Return the kind of an outcome, the rival that it names, and the p-value.

    Parameters
    ----------
    best
        The best simple model.
    p_better
        Of the claim that the network is better than each simple model.
    """
    p_worse, rival = _better_rival(tests)
    if p_worse < SIGNIFICANT:
        return "worse", rival, p_worse
    if p_better < SIGNIFICANT:
        return "better", best, p_better
    if BASELINE in tests and tests[BASELINE].worse:
        return "worse", BASELINE, tests[BASELINE].p
    if tests[best].difference > 0:
        return "same", best, _of_several(tests[best], tests)
    return "same", best, p_better


def _added(tests: Sequence[Comparison | None]) -> list[tuple[str, float]]:
    """Return the contribution of the LSTM at each horizon, and its p-value.

    Parameters
    ----------
    tests
        Against the same inputs without it; None where its correction is zero.
    """
    p_better = _in_order([_one_sided(test, -1) for test in tests])
    p_worse = _in_order([_one_sided(test, 1) for test in tests])
    found = []
    for better, worse in zip(p_better, p_worse, strict=True):
        kind = "better" if better < worse else "worse"
        p = min(better, worse)
        found.append((kind if p < SIGNIFICANT else "same", p))
    return found


def _one_sided(test: Comparison | None, sign: int) -> float:
    """P-value of a difference with this sign; 1 where it has the other."""
    return test.p if test and test.difference * sign > 0 else 1.0


def _in_order(p_values: Sequence[float]) -> list[float]:
    """Adjust p-values for tests in a fixed order."""
    return list(itertools.accumulate(p_values, max))


def _largest_p(tests: Mapping[str, Comparison]) -> float:
    """Largest p-value against a simple model; 1 if one of them is as good."""
    return max(
        (
            t.p if t.difference < 0 else 1.0
            for n, t in tests.items()
            if n in SIMPLE_NAMES
        ),
        default=1.0,
    )


def _of_several(test: Comparison, tests: Mapping[str, Comparison]) -> float:
    """P-value of one of several tests, adjusted for their number (Bonferroni)."""
    return min(1.0, test.p * len(tests))


def _better_rival(tests: Mapping[str, Comparison]) -> tuple[float, str]:
    """Smallest p-value of a better rival, adjusted for their number, and its name."""
    better = [
        (_of_several(test, tests), name)
        for name, test in tests.items()
        if test.difference > 0
    ]
    return min(better, default=(1.0, ""))


def _sentences(
    outcomes: Sequence[Outcome],
    frequency: Frequency,
    size: Callable[[float], str],
    compared: str = "",
) -> str:
    """Return sentences about the best simple model and the contribution of the LSTM.

    Parameters
    ----------
    size
        The words for a gain.
    compared
        What simple models are compared, where not all are.
    """
    kinds = [outcome.kind for outcome in outcomes]
    groups: dict[tuple[str, str], list[Outcome]] = {}
    for kind in ("better", "worse"):
        for outcome in outcomes:
            if outcome.kind == kind:
                # Every simple model is worse, but only the named rival is better.
                rival = outcome.rival if kind == "worse" else ""
                groups.setdefault((kind, rival), []).append(outcome)
    parts = []
    for (kind, rival), group in groups.items():
        # The horizon with the smallest p-value stands for the group.
        shown = min(group, key=lambda outcome: outcome.p)
        where = _ahead([outcome.horizon for outcome in group], frequency)
        at = f" at {_ahead([shown.horizon], frequency)}" if len(group) > 1 else ""
        figures = f"{size(shown.gain)}{at}, {format_p(shown.p)}"
        name = NAMES.get(rival, f"every simple model{compared}")
        if kind == "better":
            figures = f"than {NAMES[shown.rival]}: {figures}"
        parts.append(f"{kind} than {name} {where} ahead ({figures})")
    if not parts:
        first = outcomes[0]
        parts.append(
            f"as good as the best simple model, {NAMES[first.rival]} "
            f"({frequency.one} ahead {size(first.gain)}, {format_p(first.p)})"
        )
    return f"{'; '.join(parts)}.{_adds(outcomes, kinds, frequency)}"


def _adds(
    outcomes: Sequence[Outcome], kinds: Sequence[str], frequency: Frequency
) -> str:
    """Return a sentence about the contribution of the LSTM."""
    if not any(outcome.adds for outcome in outcomes):
        return ""
    gains = [outcome for outcome in outcomes if outcome.adds == "better"]
    if gains:
        where = _ahead([outcome.horizon for outcome in gains], frequency)
        least = min(outcome.adds_p for outcome in gains)
        return (
            f" The LSTM adds to the same inputs without it {where} ahead "
            f"({format_p(least)})."
        )
    if "better" in kinds:
        return " The LSTM adds nothing: the same inputs without it do as well."
    return " The LSTM adds nothing."


@dataclass(frozen=True, kw_only=True)
class _Predictor:
    """A model that forecasts the price significantly better than the last price."""

    name: str
    horizon: int
    change: float
    p: float


def _predictable(forecasts: Sequence[HorizonForecast]) -> _Predictor | None:
    """Find the best predictor at the nearest horizon that has one."""
    every = [
        (forecast, name, test.p)
        for forecast in forecasts
        for name, test in forecast.predictable.items()
    ]
    adjusted = holm([p for *_, p in every])
    found = []
    for (forecast, name, _), p in zip(every, adjusted, strict=True):
        ratio = forecast.models[name].rmse / forecast.models[BASELINE].rmse
        if p < PREDICTABLE and ratio <= 1 - LEAST:
            found.append(
                _Predictor(name=name, horizon=forecast.horizon, change=ratio - 1, p=p)
            )
    return min(found, key=lambda each: (each.horizon, each.change), default=None)


def _predicts(found: _Predictor, frequency: Frequency) -> str:
    name = NAMES[found.name]
    return (
        f"{_ahead([found.horizon], frequency).capitalize()} ahead {name} "
        f"predict{'' if found.name == LINEAR_INPUTS else 's'} this series: "
        f"{_percent(found.change)}, {format_p(found.p)}."
    )


def _of_risk(forecast: HorizonForecast, outcome: Outcome) -> str | None:
    """Return the likeliest model, if it is better than a constant volatility."""
    assert forecast.distribution is not None
    if "constant" not in forecast.risk_tests:
        return None
    tests, constant = forecast.risk_tests, forecast.risk_tests["constant"]
    is_best = outcome.kind != "worse" and tests[outcome.rival].difference < 0
    if is_best and constant.better and constant.difference <= -LEAST:
        return LSTM
    name = max(tests, key=lambda each: tests[each].difference)
    return name if tests[name].difference - constant.difference >= LEAST else None


def _percent(gain: float) -> str:
    """Return `error +3.1%`, or `error 20 times as large` if it is twice or more."""
    if gain >= TWICE:
        times = 1 + gain
        return f"error {times:{',.0f' if times >= 9.95 else '.2g'}} times as large"
    return f"error {_two_digits(100 * gain)}%"


def _nats(gain: float) -> str:
    return f"error (NLL) {_two_digits(gain)}"


def _two_digits(value: float) -> str:
    """Return a difference with its sign and two digits, and never an exponent."""
    if abs(value) >= 99.5:
        return f"{value:+,.0f}"
    return f"{round(value, 4) + 0.0:+.2g}"  # the zero has no minus


def _ahead(rows: Sequence[int], frequency: Frequency) -> str:
    if list(rows) == [1]:
        return frequency.one
    lengths = [str(each * frequency.size) for each in rows]
    return f"{_and(lengths)} {frequency.step}s"


def _and(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
