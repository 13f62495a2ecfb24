"""The result: its rows, its figures, and what is written to files."""

import dataclasses
import io
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from core.stock import TASK, Result
from core.stock.data.stock_splits import StockSplit
from core.stock.distribution import ForecastDistribution
from core.stock.judging.breakdown import coverage_by_year
from tests.core.stock.helpers import made_up_series, read_back, series_of
from tests.core.stock.results import (
    HORIZONS,
    PRICES,
    RISKS,
    known_distribution,
    known_mean,
    made_up_result,
    rounded,
)
from tests.driver.core.stock_result import KEYS

UNKNOWN = ["nll", "crps", "coverage_80", "coverage_95", "winkler_80", "winkler_95"]
RECORD = [
    *("model", "horizon", "rows", "rmse_percent", "mae_percent", "rel_rmse"),
    *("rel_mae", "rmse_currency", "mae_currency", "directional_accuracy"),
    *("nll", "crps", "coverage_80", "coverage_95"),
    *("p_price", "p_risk"),
]


def records(summary, model="lstm"):
    """The records of a model, the nearest horizon first."""
    return [each for each in summary["models"] if each["model"] == model]


def test_the_summary_has_the_public_keys_and_the_right_figures(result, series):
    summary = result.summary()
    assert list(summary) == KEYS
    assert (summary["rows"], summary["train_rows"], summary["test_rows"]) == (
        201,
        100,
        101,
    )
    steps = np.diff(series.prices)[99:]
    naive = records(summary, "naive")[0]
    rmse = np.sqrt(np.mean(steps**2)), np.sqrt(np.mean((steps / result.naive) ** 2))
    assert naive["rmse_currency"] == pytest.approx(rmse[0], rel=1e-5)
    assert naive["rmse_percent"] == pytest.approx(100 * rmse[1], rel=1e-5)
    assert (naive["rel_rmse"], naive["rel_mae"], naive["p_price"]) == (1, 1, 1)
    assert (summary["rel_rmse"], summary["rel_mae"]) == (1, 1)
    moves = np.diff(np.log(series.prices))
    inside = np.abs(moves[99:]) <= 0.0125
    assert summary["coverage_80"] == pytest.approx(inside.mean())
    ups = (moves[99:] > 0).mean()
    assert summary["directional_accuracy"] == pytest.approx(ups)
    assert summary["majority_class"] == pytest.approx(max(ups, 1 - ups))


def test_the_headline_names_the_error_and_is_empty_without_one():
    assert (
        TASK.headline({"rel_rmse": 1.234567})
        == "error 1.23 × that of the last known price"
    )
    assert TASK.headline({}) == TASK.headline({"rel_rmse": None}) == ""


def test_the_likelihood_is_in_standard_units_of_the_training_half(result, series):
    """It is the density of (r - mean) / scale, not of the return r itself."""
    moves = np.diff(np.log(series.prices))
    scale = moves[:99].std()
    t = moves[99:] / (0.01 * np.sqrt(3 / 5))
    density = 0.3796066898 * (1 + t**2 / 5) ** -3 / (0.01 * np.sqrt(3 / 5))
    expected = -np.log(density * scale).mean()
    assert result.summary()["nll"] == pytest.approx(expected, abs=1e-5)


def test_each_horizon_is_judged_against_the_price_of_its_own_day(result, series):
    summary = result.summary()
    assert [each["horizon"] for each in records(summary)] == list(HORIZONS)
    shown = [e for e in summary["intervals"] if e["shown"] and e["level"] == 80]
    models = (records(summary, name) for name in ("lstm", "drift", "linear"))
    for each, of_drift, of_linear, interval in zip(*models, shown, strict=True):
        days = each["horizon"]
        assert each["rows"] == 101 - days + 1
        moves = np.log(series.prices[99 + days :] / series.prices[99:-days])
        inside = np.abs(moves) <= 1.25 * 0.01 * np.sqrt(days)
        assert interval["coverage"] == pytest.approx(inside.mean(), abs=1e-5)
        gain = series.prices[99 + days :] / series.prices[99:-days]
        drift, naive = np.exp(0.001) - gain, 1 - gain
        expected = np.sqrt(np.mean(drift**2) / np.mean(naive**2))
        assert of_drift["rel_rmse"] == pytest.approx(expected, rel=1e-5)
        assert each["rel_rmse"] == of_linear["rel_rmse"] == 1


def test_the_verdicts_are_a_sentence_each_and_figures_in_the_json(series, bare):
    result = made_up_result(series)
    assert result.price.text == (
        "Price: as good as the best simple model, the last price (one day ahead error "
        "within 0.05%). This is what to expect of daily prices."
    )
    assert result.risk.text == (
        "Risk: better than every simple model of the risk one day ahead (than a "
        "constant volatility: error (NLL) -0.21, p < 0.0001)."
    )
    assert result.price.plain == (
        "This LSTM forecasts tomorrow's price no better than today's price does."
    )
    assert result.risk.plain == (
        "How far tomorrow's price may move is forecast better than by simpler methods, "
        "but not because of the LSTM."  # it was not compared with its inputs alone
    )
    assert "worse than the last price one day ahead" in bare.price.text
    assert bare.price.plain.startswith("A simpler method forecasts tomorrow's price")
    assert "does not forecast" in bare.risk.text
    verdict = result.summary()["verdict"]
    outcomes = {of: each.pop("outcomes") for of, each in verdict.items()}
    assert verdict["risk"].pop("plain") == result.risk.plain
    del verdict["price"]["plain"]
    assert verdict == {
        "price": {"is": "equal", "than": "naive", "p": None, "predicted_by": None},
        "risk": {
            "is": "better",
            "than": "constant",
            "p": pytest.approx(0.000038, abs=1e-6),
            "predicted_by": "lstm",
        },
    }
    assert [each["horizon"] for each in outcomes["risk"]] == list(HORIZONS)
    first = outcomes["risk"][0]
    assert (first["is"], first["than"], first["adds"]) == ("better", "constant", None)
    assert bare.summary()["verdict"]["price"]["is"] == "worse"


def test_the_json_has_every_model_at_every_horizon(series, bare):
    rows = made_up_result(series).summary()["models"]
    assert {row["horizon"] for row in rows} == set(HORIZONS)
    names = [row["model"] for row in rows if row["horizon"] == 1]
    assert names[0] == "lstm"
    assert {"gjr", "naive", "linear"} <= set(names)
    assert all(list(row) == RECORD for row in rows)
    nll = made_up_result(series).network.nll
    assert rows[0]["nll"] == pytest.approx(nll, rel=1e-5)
    alone = bare.summary()["models"]
    assert [(row["model"], row["nll"]) for row in alone] == [
        ("lstm", None),
        ("naive", None),
    ]


def test_a_farther_horizon_counts_only_if_the_nearer_ones_do(series):
    """All are better at 20 days; only one of them is at all nearer horizons."""
    result = made_up_result(series)
    kinds = [outcome.kind for outcome in result.risk.outcomes]
    p_values = [
        outcome.p for outcome in result.risk.outcomes if outcome.kind != "worse"
    ]
    assert kinds[0] == "better"
    assert "same" in kinds
    first = kinds.index("same")
    assert "better" not in kinds[first:]
    assert p_values == sorted(p_values)


def test_the_table_has_one_line_an_origin_horizon_and_model(result, series):
    frame = result.table.frame
    assert list(frame) == [
        *("origin", "horizon", "fold", "part", "model", "mean", "deviation", "freedom")
    ]
    assert not frame.duplicated(["origin", "horizon", "model", "fold"]).any()
    assert len(frame) == 102 * len(HORIZONS) * len(result.table.forecasts)
    own = frame[(frame.model == "lstm") & (frame.horizon == 5)]
    assert own.origin.tolist() == list(range(99, 201))
    np.testing.assert_array_equal(own["mean"], result.distribution.mean[:, 1])
    np.testing.assert_allclose(own.deviation, result.distribution.deviation[:, 1])


def test_a_wrong_risk_is_called_worse_than_the_rival(series):
    wrong = made_up_result(series, deviation=0.1)
    assert "Risk: worse than a constant volatility" in wrong.risk.text
    assert wrong.risk.kind == "worse"


def test_a_risk_no_better_than_one_rival_is_not_called_better(series):
    same = {"ewma": made_up_result(series).distribution}
    result = made_up_result(series, forecasts=same)
    assert {each.kind for each in result.risk.outcomes} == {"same"}
    assert "as good as the best simple model, EWMA" in result.risk.text


def test_a_rival_that_is_not_simple_makes_it_worse_and_does_not_hinder_better(series):
    """Boosting knows a part of the next move, the network a little of it."""
    moves = np.diff(np.log(series.prices))[99:]
    network, boosting = (made_up_result(series).table.forecasts["linear"] for _ in "12")
    network.mean[:-1, 0], boosting.mean[:-1, 0] = 0.3 * moves, 0.6 * moves
    forecasts = {"lstm": network, "linear_inputs": known_mean(len(network.mean))}
    better = made_up_result(series, forecasts=forecasts)
    assert better.price.kind == "better"
    assert "The LSTM adds to the same inputs without it one day ahead" in (
        better.price.text
    )
    assert better.summary()["verdict"]["price"]["predicted_by"] == "lstm"
    weak = forecasts | {"lstm": known_mean(len(network.mean)), "boosting": boosting}
    worse = made_up_result(series, forecasts=weak)
    assert "worse than boosting on the last returns one day ahead" in worse.price.text
    assert "The LSTM adds nothing." in worse.price.text
    assert "what to expect" not in worse.price.text


def test_the_verdict_compares_a_better_network_with_its_inputs_alone(series):
    moves = np.diff(np.log(series.prices))[99:]
    both = made_up_result(series).table.forecasts["linear"]
    both.mean[:-1, 0] = 0.3 * moves
    result = made_up_result(series, forecasts={"lstm": both, "linear_inputs": both})
    assert "better than every simple model one day ahead" in result.price.text
    assert "the same inputs without it do as well" in result.price.text
    assert result.price.outcomes[0].adds == "same"


def test_a_network_that_loses_to_its_own_inputs_is_not_called_better(series):
    moves = np.diff(np.log(series.prices))[99:]
    network, alone = (made_up_result(series).table.forecasts["linear"] for _ in "12")
    network.mean[:-1, 0], alone.mean[:-1, 0] = 0.3 * moves, 0.9 * moves
    forecasts = {"lstm": network, "linear_inputs": alone}
    result = made_up_result(series, forecasts=forecasts)
    assert "better than" not in result.price.text
    assert (
        "worse than the same inputs without the LSTM one day ahead" in result.price.text
    )


def test_one_small_p_value_among_all_rivals_and_horizons_is_not_called_worse(series):
    """Boosting is better at one of four horizons, before Holm's correction."""
    logs, noise = np.diff(np.log(series.prices))[99:], np.random.default_rng(0)
    boosting = known_mean(102)
    boosting.mean[:-1, 0] = 0.06 * (logs + noise.normal(0, 0.035, len(logs)))
    result = made_up_result(series, forecasts={"boosting": boosting})
    test = result.by_horizon[1].price_tests["boosting"]
    assert test.worse
    assert 0.05 < 16 * test.p < 0.2  # rivals and horizons
    assert {each.kind for each in result.price.outcomes} == {"same"}


def test_an_unchanged_forecast_is_called_the_base_forecast(series):
    accepted = np.zeros((2, 2, 4))
    result = made_up_result(series, accepted=accepted)
    assert result.price.text.startswith(
        "Price: the base forecast, which the LSTM leaves unchanged, is as good as"
    )
    assert "the base forecast, which the LSTM leaves unchanged, is better than" in (
        result.risk.text
    )
    assert "adds" not in result.risk.text
    assert result.risk.predicted_by != "lstm"
    accepted[:, 1, 0] = 0.5
    changed = made_up_result(series, accepted=accepted)
    assert "unchanged" not in changed.risk.text
    assert changed.risk.predicted_by == "lstm"


def test_a_series_that_grows_is_judged_by_its_errors_in_percent():
    """Twice the errors at a price of 1, half of them at a price of 10,000."""
    random, logs = np.random.default_rng(0), np.linspace(0, np.log(10_000), 801)
    series = series_of(np.exp(logs + np.cumsum(0.01 * random.standard_normal(801))))
    moves = np.diff(np.log(series.prices))[399:]
    network = known_mean(402)
    network.mean[:-1, 0] = moves * np.where(np.arange(401) < 260, -0.5, 0.5)
    next_day = made_up_result(series, forecasts={"lstm": network}).by_horizon[1]
    naive = next_day.models["naive"]
    assert next_day.network.rmse_currency < 0.6 * naive.rmse_currency
    assert next_day.network.rel_rmse > 1.1


def test_a_corrections_that_was_not_accepted_adds_nothing(series):
    """The inputs without the LSTM are worse than the start, which is left as it is."""
    rows = len(made_up_result(series).distribution)
    forecasts = {"linear_inputs": known_distribution(rows, 0.03)}
    accepted = np.zeros((2, 2, 4))
    result = made_up_result(series, forecasts=forecasts, accepted=accepted)
    assert {each.adds for each in result.risk.outcomes} == {"same"}
    accepted[:, 1] = 0.5
    result = made_up_result(series, forecasts=forecasts, accepted=accepted)
    assert result.risk.outcomes[0].adds == "better"


def test_a_likelihood_that_the_mean_improves_counts_as_the_networks(series):
    moves = np.diff(np.log(series.prices))[99:]
    network = made_up_result(series).table.forecasts["lstm"]
    network.mean[:-1, 0] = 0.9 * moves
    forecasts = {"lstm": network, "linear_inputs": known_mean(len(network.mean))}
    accepted = np.zeros((2, 2, 4))
    accepted[:, 0] = 0.5  # of the mean only
    result = made_up_result(series, forecasts=forecasts, accepted=accepted)
    assert result.risk.outcomes[0].adds == "better"


def test_the_lstm_adds_nothing_farther_ahead_if_it_loses_nearer(series):
    network = known_distribution(102, 0.01)
    alone = known_distribution(102, 0.03)
    network.log_variance[:, 0] += 3.0
    forecasts = {"lstm": network, "linear_inputs": alone}
    result = made_up_result(series, forecasts=forecasts)
    adds = [outcome.adds for outcome in result.risk.outcomes]
    assert adds == ["worse", "same", "same", "same"]


def test_each_rival_is_named_at_the_horizons_at_which_it_is_better(series):
    near, far = (made_up_result(series).table.forecasts["linear"] for _ in "12")
    logs = np.log(series.prices)
    near.mean[:-1, 0] = 0.6 * np.diff(logs)[99:]
    far.mean[:-5, 1] = 0.9 * (logs[104:] - logs[99:-5])
    forecasts = {"boosting": near, "linear": far}
    text = made_up_result(series, forecasts=forecasts).price.text
    assert "worse than boosting on the last returns one day ahead (" in text
    assert "; worse than a linear model 5 days ahead (" in text


def test_the_p_value_is_that_of_the_named_rival(series):
    """Boosting is better, though not beyond chance; the linear model is the same.

    A difference below 0.05% has no p-value.
    """
    logs, noise = np.diff(np.log(series.prices))[99:], np.random.default_rng(0)
    network = known_mean(102)
    boosting = known_mean(102)
    boosting.mean[:-1, 0] = 0.2 * (logs + noise.normal(0, 0.025, len(logs)))
    forecasts = {"lstm": network, "linear": network, "boosting": boosting}
    first = made_up_result(series, forecasts=forecasts).price.outcomes[0]
    assert (first.kind, first.gain, first.p) == ("same", 0.0, None)


def test_no_farther_horizon_is_better_than_one_at_which_a_rival_wins(series):
    network, boosting = (known_mean(102) for _ in "12")
    logs = np.log(series.prices)
    network.mean[:-1, 0], boosting.mean[:-1, 0] = (
        share * np.diff(logs)[99:] for share in (0.3, 0.9)
    )
    network.mean[:-5, 1] = 0.9 * (logs[104:] - logs[99:-5])
    result = made_up_result(series, forecasts={"lstm": network})
    assert [each.kind for each in result.price.outcomes][:2] == ["better", "better"]
    forecasts = {"lstm": network, "boosting": boosting}
    result = made_up_result(series, forecasts=forecasts)
    assert [each.kind for each in result.price.outcomes][:2] == ["worse", "same"]


def test_a_horizon_at_which_the_last_price_is_always_right_is_left_out():
    prices = 100 + np.sin(2 * np.pi * (np.arange(200) % 20) / 20)
    result = made_up_result(series_of(prices))
    assert [each.horizon for each in result.price.outcomes] == [1, 5, 10]


def test_the_risk_is_predicted_by_a_model_that_is_better_than_a_constant(series):
    wide = known_distribution(102, 0.02)
    of_all = dict.fromkeys(("lstm", *RISKS[:5]), wide)
    assert made_up_result(series, forecasts=of_all).risk.predicted_by is None
    slightly = of_all | {"garch": known_distribution(102, 0.01999)}
    assert made_up_result(series, forecasts=slightly).risk.predicted_by is None
    right = of_all | {"garch": known_distribution(102, 0.01)}
    assert made_up_result(series, forecasts=right).risk.predicted_by == "garch"
    assert made_up_result(series).risk.predicted_by == "lstm"


def test_a_difference_that_does_not_matter_is_no_difference(series):
    """Every error is larger by a ten-thousandth, so the p-value is small."""
    network = known_mean(102)
    network.mean[:-1, 0] = -1e-4 * np.diff(np.log(series.prices))[99:]
    same = made_up_result(
        series, forecasts={"lstm": network, "linear": known_mean(102)}
    )
    assert {outcome.kind for outcome in same.price.outcomes} == {"same"}
    assert "what to expect" in same.price.text
    better = known_mean(102)
    better.mean[:-1, 0] = -network.mean[:-1, 0]
    same = made_up_result(series, forecasts={"lstm": network, "linear": better})
    assert "predicts this series" not in same.price.text


def test_a_price_that_a_linear_model_knows_better_is_said_by_name(series):
    moves = np.diff(np.log(series.prices))[99:]
    linear = made_up_result(series).table.forecasts["linear"]
    linear.mean[:-1, 0] = 0.2 * moves  # it knows a part of the next move
    without = known_mean(len(linear.mean))
    forecasts = {"linear": linear, "linear_inputs": without}
    result = made_up_result(series, forecasts=forecasts)
    assert "worse than a linear model one day ahead" in result.price.text
    assert (
        "The LSTM adds nothing. One day ahead a linear model predicts this series: "
        in (result.price.text)
    )
    assert "error -20%" in result.price.text
    assert result.summary()["verdict"]["price"]["predicted_by"] == "linear"


def test_an_error_that_grows_beyond_the_last_price_is_called_worse():
    """At one of four horizons alone, after Holm over all rivals and horizons."""
    series = made_up_series(801)
    far = made_up_result(series).table.forecasts["lstm"]
    moves = np.log(series.prices[419:] / series.prices[399:-20])
    far.mean[: len(moves), 3] = -0.9 * moves
    forecasts = {"lstm": far, "drift": known_mean(402)}
    result = made_up_result(series, forecasts=forecasts)
    assert "worse than the last price 20 days ahead" in result.price.text
    assert result.price.plain.endswith("20 days ahead a simpler method is better.")
    assert "what to expect" not in result.price.text
    assert [each.kind for each in result.price.outcomes] == ["same"] * 3 + ["worse"]


@pytest.mark.parametrize(
    ("share", "size"),
    [
        (0.5, "error +50%"),
        (1.1, "error 2.1 times as large"),
        (19, "error 20 times as large"),
    ],
)
def test_the_size_of_a_difference_is_read_without_an_exponent(series, share, size):
    far = made_up_result(series).table.forecasts["lstm"]
    ratios = series.prices[100:] / series.prices[99:-1]
    far.mean[:-1, 0] = np.log(1 + share * (1 - ratios))
    result = made_up_result(series, forecasts={"lstm": far})
    assert f"one day ahead ({size}, p <" in result.price.text
    assert "e+" not in result.price.text


def test_a_recipe_without_intervals_has_nulls_there(bare):
    summary = json.loads(json.dumps(bare.summary()))
    assert list(summary) == KEYS
    assert [key for key in KEYS if summary[key] is None] == UNKNOWN
    assert summary["rmse_currency"] == pytest.approx(1.0)
    assert [each["horizon"] for each in records(summary)] == [1]
    assert summary["intervals"] == []


def test_years_are_judged_one_by_one(result):
    years = coverage_by_year(result.by_horizon[1])
    assert sum(year.rows for year in years) == 101
    mean = sum(year.rows * year.coverage[80] for year in years) / 101
    assert mean == pytest.approx(result.by_horizon[1].shown(80).coverage)
    assert [year.year for year in years] == [2001]
    assert not years[0].full
    width = years[0].width[95]
    assert width == pytest.approx(2 * np.sinh(0.02), rel=1e-5)


def test_the_parts_of_the_test_half_are_judged_one_by_one(result, bare):
    parts = result.by_fold
    assert [(part.rows_before, part.rows) for part in parts] == [(100, 50), (150, 51)]
    assert [str(part.first) for part in parts] == [
        str(result.dates[0]),
        str(result.dates[50]),
    ]
    assert parts[1].last == result.dates[-1]
    next_day = result.by_horizon[1]
    whole = {
        "nll": next_day.network.nll,
        "nll_rival": next_day.models[next_day.best_rival].nll,
        "coverage_80": next_day.shown(80).coverage,
    }
    for name, value in whole.items():
        mean = sum(part.rows * getattr(part, name) for part in parts) / 101
        assert mean == pytest.approx(value)
    assert [part.rel_rmse for part in parts] == [1, 1]
    alone = bare.by_fold
    assert [(part.rows, part.nll, part.coverage_80) for part in alone] == [
        (101, None, None)
    ]
    assert alone[0].rel_rmse == pytest.approx(bare.network.rel_rmse)


def test_each_line_of_the_csv_holds_the_price_of_its_own_date(result, series):
    columns = read_back(result.to_csv())
    assert list(columns)[:9] == [
        *("Date", "horizon", "actual", "predicted", "naive"),
        *("low_80", "high_80", "low_95", "high_95"),
    ]
    assert columns["horizon"] == [
        str(days) for days in HORIZONS for _ in range(101 - days + 1)
    ]
    start = 0
    for days in HORIZONS:
        rows = slice(start, start + 101 - days + 1)
        start = rows.stop
        dates = [str(day) for day in series.dates[99 + days :]]
        assert columns["Date"][rows] == dates
        actual = np.array(columns["actual"][rows], float)
        naive = np.array(columns["naive"][rows], float)
        np.testing.assert_allclose(actual, series.prices[99 + days :], rtol=1e-7)
        np.testing.assert_allclose(naive, series.prices[99:-days], rtol=1e-7)
        wide = np.log(np.array(columns["high_95"][rows], float) / naive)
        np.testing.assert_allclose(wide, 0.02 * np.sqrt(days), rtol=1e-5)
    assert columns["predicted"] == columns["naive"]


def test_the_table_of_the_page_stays_that_of_the_next_day(result, series):
    assert list(result.columns) == [
        *("Date", "actual", "predicted", "naive"),
        *("low_80", "high_80", "low_95", "high_95"),
    ]
    assert list(result.columns["Date"]) == list(series.dates[100:])


def test_the_csv_of_a_recipe_without_distributions_has_prices_only(bare):
    assert list(read_back(bare.to_csv())) == [
        *("Date", "horizon", "actual", "predicted", "naive")
    ]


def test_the_verdicts_can_be_recomputed_from_the_csv_alone():
    """With pandas and scipy, and nothing of this project."""
    result = uneven_result()
    rows = pd.read_csv(io.StringIO(result.to_csv()))
    summary = result.summary()
    for each in records(summary):
        days = each["horizon"]
        at = {e["model"]: e for e in summary["models"] if e["horizon"] == days}
        own = rows[rows.horizon == days]
        gain = np.log(own.actual / own.naive)
        nll = {
            name: -stats.t.logpdf(
                gain,
                own[f"{prefix}freedom"],
                own[f"{prefix}mean"],
                own[f"{prefix}deviation"] * np.sqrt(1 - 2 / own[f"{prefix}freedom"]),
            )
            - np.log(own.unit)
            for name, prefix in (("lstm", ""), *((r, f"{r}_") for r in RISKS))
        }
        prices = {"lstm": own.predicted} | {m: own[m] for m in ("naive", *PRICES)}
        squares = {
            name: ((own.actual - price) / own.naive) ** 2
            for name, price in prices.items()
        }
        assert each["rows"] == len(own)
        for name, values in nll.items():
            assert at[name]["nll"] == pytest.approx(values.mean(), rel=2e-5), name
            if name != "lstm":
                p_risk = diebold_mariano_p(nll["lstm"] - values, days)
                assert at[name]["p_risk"] == pytest.approx(p_risk, abs=1e-4)
        for name, values in squares.items():
            ratio = np.sqrt(values.mean() / squares["naive"].mean())
            assert at[name]["rel_rmse"] == pytest.approx(ratio, rel=2e-5), name
            if name != "lstm":
                p_price = diebold_mariano_p(squares["lstm"] - values, days)
                assert at[name]["p_price"] == pytest.approx(p_price, abs=1e-4)
        for interval in summary["intervals"]:
            if interval["horizon"] != days:
                continue
            end = f"{interval['level']}_{interval['kind']}"
            low, high = own[f"low_{end}"], own[f"high_{end}"]
            below, above = own.actual < low, own.actual > high
            beyond = (low - own.actual) * below + (own.actual - high) * above
            score = high - low + beyond * 2 / (1 - interval["level"] / 100)
            score /= own.naive
            assert interval["coverage"] == pytest.approx(1 - (below | above).mean())
            assert interval["winkler"] == pytest.approx(score.mean(), rel=2e-5)


def diebold_mariano_p(differences, days):
    """By the variance of Lazarus, Lewis, Stock and Watson (2018)."""
    x, n = differences.to_numpy(), len(differences)
    cosines = int(min(0.41 * n ** (2 / 3), n / (2 * days)))
    angles = np.pi * np.outer(np.arange(1, cosines + 1), (np.arange(n) + 0.5) / n)
    variance = 2 / n**2 * np.mean((np.cos(angles) @ x) ** 2)
    return 2 * stats.t.sf(abs(x.mean()) / np.sqrt(variance), cosines)


def uneven_result():
    """Forecasts that differ from row to row, and from model to model."""
    series, random = made_up_series(801), np.random.default_rng(5)

    def uneven(log_variance):
        noise = [0.3 * random.standard_normal((402, len(HORIZONS))) for _ in range(2)]
        distribution = ForecastDistribution.broadcast(
            0.003 * noise[0],
            np.log(1e-4 * np.array(HORIZONS)) + log_variance + noise[1],
            np.array([4.0, 6.0, 9.0, 30.0]),
        )
        return rounded(distribution)

    forecasts = {"lstm": uneven(0.0)} | {
        name: uneven(0.1 * number)
        for number, name in enumerate((*RISKS, *PRICES), start=1)
    }
    factors = {
        80: 1.2 + 0.2 * random.random((402, len(HORIZONS))),
        95: 1.9 + 0.4 * random.random((402, len(HORIZONS))),
    }
    return made_up_result(series, forecasts=forecasts, factors=factors)


def test_a_result_travels_as_bytes_unchanged(result, bare):
    chosen = {80: ("conformal", "own", "own", "conformal"), 95: ("own",) * 4}
    rich = replace(
        result,
        accepted=np.ones((2, 2, 4)),
        intervals=chosen,
        start={"a": 1},
    )
    for sent in (result, bare, rich):
        again = Result.decode(sent.encode())
        assert again.config == sent.config
        assert again.summary() == sent.summary()
        assert again.to_csv() == sent.to_csv()
        assert (again.seeds, again.model) == (sent.seeds, sent.model)
        assert again.start == sent.start
        assert again.intervals == sent.intervals
        assert (again.future is None) == (sent.future is None)
    assert result.future.to_csv() == Result.decode(result.encode()).future.to_csv()


def test_the_risk_is_not_judged_while_a_split_is_undecided(series):
    split = StockSplit(row=9, new=2, old=1, date="2001-01-10", before=50, after=25)
    waiting = dataclasses.replace(series, splits=(split,))
    result = made_up_result(waiting)
    assert "not judged" in result.risk.text
    assert "2:1 on 2001-01-10" in result.risk.text
    summary = result.summary()
    assert summary["verdict_risk"] == result.risk.text
    assert {each["p_risk"] for each in summary["models"]} == {None}
    assert Result.decode(result.encode()).risk.text == result.risk.text
    decided = dataclasses.replace(result, series=series)
    assert decided.risk.text == made_up_result(series).risk.text
