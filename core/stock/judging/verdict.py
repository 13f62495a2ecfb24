"""Whether price and risk are forecast better than by simpler models, in sentences.

At each horizon the network is compared with every simple model (`models.SIMPLE`). It
counts as better if it is better than each of them: its p-value is the largest of theirs
(Berger 1982). The horizons are tested in order, the nearest first, so that a farther
one counts only if all nearer ones do (Maurer, Hothorn and Lehmacher 1995). The named
rival is the best one in the test part; this choice after the test is conservative. The
network counts as worse if any rival is better, the last price, boosting and
`linear_inputs` included, with p-values adjusted for all rivals and horizons together
(Holm 1979). The contribution of the LSTM is the comparison with `linear_inputs`, the
same inputs without it, in the same order of horizons. Differences below `LEAST` count
as equal, however significant they are.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from core.stats import holm, listed
from core.stock.data.frequency import Frequency
from core.stock.judging.diebold_mariano import SIGNIFICANT, Comparison
from core.stock.judging.horizon import SIMPLE_NAMES, HorizonForecast
from core.stock.models import ALL, LINEAR_INPUTS, LSTM
from core.stock.wording import format_p

# Level of the claim that a model predicts the price: prices rarely are predictable.
PREDICTABLE = 0.01
LEAST = 5e-4  # difference: of the relative error, or of the mean NLL
SIMPLER = "simpler methods"
TWICE = 0.995  # gain from which an error is given as a multiple
BASELINE = "naive"  # the rival that is fixed beforehand
NAMES = {model.name: model.phrase for model in ALL}
PUBLIC = {"better": "better", "same": "equal", "worse": "worse"}  # names in the JSON


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The network beside its rivals at one horizon."""

    horizon: int  # rows ahead
    rival: str  # the best simple model, or the rival that is better than the network
    # Of the difference, adjusted as the module says; None for one below `LEAST`
    p: float | None
    kind: str  # `better`, `same` or `worse`
    # Error of the network divided by that of the rival, minus 1, of the price; its
    # negative log-likelihood minus the rival's, of the risk
    gain: float = 0.0
    # The same against its inputs without the LSTM: `better`, `same` or `worse`, or ""
    # where they were not fitted; and the p-value, adjusted in the same way
    adds: str = ""
    adds_p: float = 1.0
    changed: bool = True  # whether the LSTM changes the base forecast


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The outcomes of all horizons, and their meaning in sentences."""

    outcomes: tuple[Outcome, ...]  # one a horizon, the nearest first
    # The outcome one row ahead, without figures and names of models; and at farther
    # horizons, if it is worse there
    plain: str
    text: str  # the exact sentences
    # The best of the models that predict the price significantly. Of the risk: the
    # likeliest model one row ahead, if it is better than a constant volatility. None
    # without one.
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
            "plain": self.plain,
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

    There is one forecast for each horizon, the nearest first.
    """
    if forecasts[0].distribution is None:
        return Verdict(
            outcomes=(),
            plain=f"This recipe does not forecast {_moves(1, frequency)}.",
            text="Risk: this recipe does not forecast it.",
        )
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
        plain=_plain(outcomes, frequency, _moves(1, frequency), SIMPLER),
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
        return Verdict(outcomes=(), plain="The price did not move.", text=text)
    outcomes = _outcomes(
        forecasts,
        lambda f: f.price_tests,
        lambda f: f.best_price_rival,
        lambda f, rival: f.network.rmse_percent / f.models[rival].rmse_percent - 1,
        lambda f: f.moves_mean,
    )
    found = _predictable(forecasts)
    is_better = any(each.kind == "better" and each.changed for each in outcomes)
    text = f"Price: {_sentences(outcomes, frequency, _percent)}"
    if found and not is_better:
        text += f" {_predicts(found, frequency)}"
    elif all(outcome.kind == "same" for outcome in outcomes):
        text += f" This is what to expect of {frequency.adjective} prices."
    predictor = found.name if found else None
    last = "today's price" if frequency.daily else "the last price"
    knows = forecasts[0].price_tests[BASELINE].better
    return Verdict(
        outcomes=outcomes,
        plain=_plain(
            outcomes,
            frequency,
            _price(outcomes[0].horizon, frequency),
            SIMPLER if knows else last,
        ),
        text=text,
        predicted_by=LSTM if is_better else predictor,
    )


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
    worse = _p_worse(every)
    p_better = _in_order(
        [
            1.0 if min(p.values()) < SIGNIFICANT else _largest_p(compared)
            for p, compared in zip(worse, every, strict=True)
        ]
    )
    changed = [moves(f) for f in forecasts]
    added = _contributions(
        [
            compared.get(LINEAR_INPUTS) if is_changed else None
            for is_changed, compared in zip(changed, every, strict=True)
        ]
    )
    outcomes = []
    for number, (f, compared) in enumerate(zip(forecasts, every, strict=True)):
        kind, rival, p = _kind(compared, best(f), p_better[number], worse[number])
        adds, adds_p = added[number] if LINEAR_INPUTS in compared else ("", 1.0)
        difference = float(gain(f, rival))
        outcomes.append(
            Outcome(
                horizon=f.horizon,
                rival=rival,
                p=p if abs(difference) >= LEAST else None,
                kind=kind,
                gain=difference,
                adds=adds,
                adds_p=adds_p,
                changed=changed[number],
            )
        )
    return tuple(outcomes)


def _kind(
    tests: Mapping[str, Comparison],
    best: str,
    p_better: float,
    p_worse: Mapping[str, float],
) -> tuple[str, str, float]:
    """Return the kind of an outcome, the rival that it names, and the p-value.

    Parameters
    ----------
    best
        The best simple model.
    p_better
        Of the claim that the network is better than each simple model.
    p_worse
        Of the claim that it is worse than a rival, by its name.
    """
    rival = min(tests, key=lambda name: (p_worse[name], tests[name].p))
    if p_worse[rival] < SIGNIFICANT:
        return "worse", rival, p_worse[rival]
    if p_better < SIGNIFICANT:
        return "better", best, p_better
    return "same", best, p_worse[best] if tests[best].difference > 0 else p_better


def _p_worse(every: Sequence[Mapping[str, Comparison]]) -> list[dict[str, float]]:
    """P-values of a better rival, adjusted for all rivals and horizons (Holm)."""
    p_values = [_one_sided(t, 1) for tests in every for t in tests.values()]
    adjusted = iter(holm(p_values))
    return [{name: next(adjusted) for name in tests} for tests in every]


def _contributions(tests: Sequence[Comparison | None]) -> list[tuple[str, float]]:
    """Return the contribution of the LSTM at each horizon, and its p-value.

    `tests` are against the same inputs without it; None where its correction is zero.
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
    simple = (test for name, test in tests.items() if name in SIMPLE_NAMES)
    return max((_one_sided(test, -1) for test in simple), default=1.0)


def _sentences(
    outcomes: Sequence[Outcome],
    frequency: Frequency,
    size: Callable[[float], str],
    compared: str = "",
) -> str:
    """Return sentences about the best simple model and the contribution of the LSTM.

    `size` returns the words for a gain, and for one below `LEAST`; `compared` says what
    simple models are compared, where not all are.
    """
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
        shown = min(group, key=lambda outcome: outcome.p or 0.0)
        where = _ahead([outcome.horizon for outcome in group], frequency)
        at = f" at {_ahead([shown.horizon], frequency)}" if len(group) > 1 else ""
        figures = f"{size(shown.gain)}{at}, {format_p(shown.p)}"
        name = NAMES.get(rival, f"every simple model{compared}")
        if kind == "better":
            figures = f"than {NAMES[shown.rival]}: {figures}"
        parts.append(f"{kind} than {name} {where} ahead ({figures})")
    if not parts:
        first = outcomes[0]
        p = "" if first.p is None else f", {format_p(first.p)}"
        where = _ahead([first.horizon], frequency)
        parts.append(
            f"as good as the best simple model, {NAMES[first.rival]} "
            f"({where} ahead {size(first.gain)}{p})"
        )
    text = f"{'; '.join(parts)}."
    if not any(outcome.changed for outcome in outcomes):
        return f"the base forecast, which the LSTM leaves unchanged, is {text}"
    return f"{text}{_contribution(outcomes, frequency)}"


def _contribution(outcomes: Sequence[Outcome], frequency: Frequency) -> str:
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
    if any(outcome.kind == "better" for outcome in outcomes):
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
        ratio = forecast.models[name].rel_rmse
        if p < PREDICTABLE and ratio is not None and ratio <= 1 - LEAST:
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
    tests = forecast.risk_tests
    if (constant := tests.get("constant")) is None:
        return None
    beats_constant = constant.better and constant.difference <= -LEAST
    is_best = outcome.kind != "worse" and tests[outcome.rival].difference < 0
    if is_best and outcome.changed and beats_constant:
        return LSTM
    name = max(tests, key=lambda each: tests[each].difference)
    return name if tests[name].difference - constant.difference >= LEAST else None


def _plain(
    outcomes: Sequence[Outcome], frequency: Frequency, what: str, rival: str
) -> str:
    """Return the outcome without figures and names of models.

    `what` and `rival` are words for the forecast quantity and for the rival.
    """
    first, does = outcomes[0], "do" if rival == SIMPLER else "does"
    if first.kind == "worse":
        return f"A simpler method forecasts {what} better than this LSTM does."
    if first.kind == "same":
        text = f"This LSTM forecasts {what} no better than {rival} {does}."
    elif first.adds == "better":
        text = f"This LSTM forecasts {what} better than {rival} {does}."
    else:
        text = f"{_upper(what)} is forecast better than by {rival}, but not because of "
        text += "the LSTM."
    farther = [each.horizon for each in outcomes[1:] if each.kind == "worse"]
    if farther:
        text += f" {_upper(_ahead(farther, frequency))} ahead a simpler method is "
        text += "better."
    return text


def _price(rows: int, frequency: Frequency) -> str:
    if rows == 1 and frequency.daily:
        return "tomorrow's price"
    return f"the price {_ahead([rows], frequency)} ahead"


def _moves(rows: int, frequency: Frequency) -> str:
    return f"how far {_price(rows, frequency)} may move"


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]


def _percent(gain: float) -> str:
    """Return `error +3.1%`, or `error 20 times as large` if it is twice or more."""
    if abs(gain) < LEAST:
        return f"error within {LEAST:.2%}"
    if gain >= TWICE:
        times = 1 + gain
        return f"error {times:{',.0f' if times >= 9.95 else '.2g'}} times as large"
    return f"error {_two_digits(100 * gain)}%"


def _nats(gain: float) -> str:
    if abs(gain) < LEAST:
        return f"error (NLL) within {LEAST}"
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
    return f"{listed(lengths)} {frequency.step}s"
