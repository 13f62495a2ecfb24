"""The result: its rows, its figures, and what is written to files."""

import dataclasses
import io
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from core.arrays import pack, unpack
from core.stock import Result, headline
from core.stock.data.stock_splits import StockSplit
from core.stock.distribution import ForecastDistribution
from core.stock.judging.breakdown import coverage_by_year
from tests.core.stock.helpers import made_up_series, read_back, series_of
from tests.core.stock.results import (
    HORIZONS,
    RISKS,
    known_distribution,
    known_mean,
    made_up_result,
    rounded,
)

# Rivals of the risk since their variances are kept.
MEANS = ("seasonal", "ar", "linear")
KEYS = [
    *("recipe", "frequency", "rows", "train_rows", "test_rows", "epochs", "seconds"),
    *("rmse", "mae", "rmse_naive", "mae_naive", "rel_rmse", "rel_mae", "nll"),
    *("coverage_80", "coverage_95"),
    *("nll_constant", "nll_ewma", "nll_garch", "nll_gjr", "nll_har"),
    *("nll_linear_inputs", "nll_ets", "nll_arima"),
    *("nll_seasonal", "nll_ar", "nll_linear"),
    *("crps", "crps_constant", "crps_ewma", "crps_garch", "crps_gjr", "crps_har"),
    *("crps_linear_inputs", "crps_ets", "crps_arima"),
    *("crps_seasonal", "crps_ar", "crps_linear"),
    *("winkler_80", "winkler_95", "winkler_80_raw", "winkler_95_raw"),
    *("directional_accuracy", "majority_class", "dm_p"),
    *("best_rival", "nll_best_rival", "dm_p_risk"),
    *("best_price_rival", "rel_rmse_best", "dm_p_price"),
    *("horizons", "models", "verdict", "verdict_price", "verdict_risk"),
]
UNKNOWN = ["nll", "coverage_80", "coverage_95"]
UNKNOWN += [key for key in KEYS if key.startswith(("nll_", "crps"))]
UNKNOWN += ["winkler_80", "winkler_95", "winkler_80_raw", "winkler_95_raw"]
UNKNOWN += ["best_rival", "dm_p_risk"]
UNKNOWN = [key for key in KEYS if key in UNKNOWN]


ROW = ["model", "horizon", "nll", "rel_rmse", "coverage_80"]


def test_the_summary_has_the_public_keys_and_the_right_figures(result, series):
    summary = result.summary()
    assert list(summary) == KEYS
    assert (summary["rows"], summary["train_rows"], summary["test_rows"]) == (
        201,
        100,
        101,
    )
    steps = np.diff(series.prices)[99:]
    assert summary["rmse_naive"] == pytest.approx(np.sqrt(np.mean(steps**2)))
    assert (summary["rel_rmse"], summary["rel_mae"], summary["dm_p"]) == (1, 1, 1)
    moves = np.diff(np.log(series.prices))
    inside = np.abs(moves[99:]) <= 0.0125
    assert summary["coverage_80"] == pytest.approx(inside.mean())
    ups = (moves[99:] > 0).mean()
    assert summary["directional_accuracy"] == pytest.approx(ups)
    assert summary["majority_class"] == pytest.approx(max(ups, 1 - ups))


def test_the_headline_names_the_error_and_is_empty_without_one():
    assert (
        headline({"rel_rmse": 1.234567}) == "error 1.23 × that of the last known price"
    )
    assert headline({}) == headline({"rel_rmse": None}) == ""


def test_the_likelihood_is_in_standard_units_of_the_training_half(result, series):
    """It is the density of (r - mean) / scale, not of the return r itself."""
    moves = np.diff(np.log(series.prices))
    scale = moves[:99].std()
    t = moves[99:] / (0.01 * np.sqrt(3 / 5))
    density = 0.3796066898 * (1 + t**2 / 5) ** -3 / (0.01 * np.sqrt(3 / 5))
    expected = -np.log(density * scale).mean()
    assert result.summary()["nll"] == pytest.approx(expected, abs=1e-5)


def test_each_horizon_is_judged_against_the_price_of_its_own_day(result, series):
    horizons = result.summary()["horizons"]
    assert [each["horizon"] for each in horizons] == list(HORIZONS)
    for each in horizons:
        days = each["horizon"]
        assert each["rows"] == 101 - days + 1
        moves = np.log(series.prices[99 + days :] / series.prices[99:-days])
        inside = np.abs(moves) <= 1.25 * 0.01 * np.sqrt(days)
        assert each["coverage_80"] == pytest.approx(inside.mean(), abs=1e-5)
        drift = series.prices[99:-days] * np.exp(0.001) - series.prices[99 + days :]
        naive = series.prices[99:-days] - series.prices[99 + days :]
        expected = np.sqrt(np.mean(drift**2) / np.mean(naive**2))
        assert each["rel_rmse_drift"] == pytest.approx(expected, rel=1e-5)
        assert each["rel_rmse"] == each["rel_rmse_linear"] == 1


def test_the_verdicts_are_a_sentence_each_and_figures_in_the_json(series, bare):
    result = made_up_result(series)
    assert result.verdict_price == (
        "Price: as good as the best simple model, the last price (one day ahead error "
        "+0%, p = 1). This is what to expect of daily prices."
    )
    assert result.verdict_risk == (
        "Risk: better than every simple model of the risk one day ahead (than a "
        "constant volatility: NLL -0.21, p < 0.0001)."
    )
    assert "worse than the last price one day ahead" in bare.verdict_price
    assert "does not forecast" in bare.verdict_risk
    summary = result.summary()
    assert summary["verdict"] == {
        "price": {"is": "equal", "than": "naive", "p": 1.0, "predicted_by": None},
        "risk": {
            "is": "better",
            "than": "constant",
            "p": pytest.approx(0.00005, abs=1e-5),
            "predicted_by": "lstm",
        },
    }
    assert (summary["best_rival"], summary["best_price_rival"]) == ("constant", "naive")
    assert summary["nll_best_rival"] == summary["nll_gjr"]
    assert summary["rel_rmse_best"] == 1
    assert bare.summary()["verdict"]["price"]["is"] == "worse"


def test_the_json_has_every_model_at_every_horizon(series, bare):
    rows = made_up_result(series).summary()["models"]
    assert {row["horizon"] for row in rows} == set(HORIZONS)
    names = [row["model"] for row in rows if row["horizon"] == 1]
    assert names[0] == "lstm"
    assert {"gjr", "naive", "linear"} <= set(names)
    assert all(list(row) == ROW for row in rows)
    nll = made_up_result(series).metrics["nll"]
    assert rows[0]["nll"] == pytest.approx(nll, rel=1e-5)
    assert bare.summary()["models"] == []


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
    assert "Risk: worse than a constant volatility" in wrong.verdict_risk
    assert wrong.risk.kind == "worse"


def test_a_risk_no_better_than_one_rival_is_not_called_better(series):
    same = {"ewma": made_up_result(series).distribution}
    result = made_up_result(series, forecasts=same)
    assert {each.kind for each in result.risk.outcomes} == {"same"}
    assert "as good as the best simple model, EWMA" in result.verdict_risk


def test_a_rival_that_is_not_simple_makes_it_worse_and_does_not_hinder_better(series):
    """Boosting knows a part of the next move, the network a little of it."""
    moves = np.diff(np.log(series.prices))[99:]
    network, boosting = (made_up_result(series).table.forecasts["linear"] for _ in "12")
    network.mean[:-1, 0], boosting.mean[:-1, 0] = 0.3 * moves, 0.6 * moves
    forecasts = {"lstm": network, "linear_inputs": known_mean(len(network.mean))}
    better = made_up_result(series, forecasts=forecasts)
    assert better.price.kind == "better"
    assert "The LSTM adds to the same inputs without it one day ahead" in (
        better.verdict_price
    )
    assert better.summary()["verdict"]["price"]["predicted_by"] == "lstm"
    weak = forecasts | {"lstm": known_mean(len(network.mean)), "boosting": boosting}
    worse = made_up_result(series, forecasts=weak)
    assert (
        "worse than boosting on the last returns one day ahead" in worse.verdict_price
    )
    assert "The LSTM adds nothing." in worse.verdict_price
    assert "what to expect" not in worse.verdict_price


def test_the_verdict_compares_a_better_network_with_its_inputs_alone(series):
    moves = np.diff(np.log(series.prices))[99:]
    both = made_up_result(series).table.forecasts["linear"]
    both.mean[:-1, 0] = 0.3 * moves
    result = made_up_result(series, forecasts={"lstm": both, "linear_inputs": both})
    assert "better than every simple model one day ahead" in result.verdict_price
    assert "the same inputs without it do as well" in result.verdict_price
    assert result.price.outcomes[0].adds == "same"


def test_a_network_that_loses_to_its_own_inputs_is_not_called_better(series):
    moves = np.diff(np.log(series.prices))[99:]
    network, alone = (made_up_result(series).table.forecasts["linear"] for _ in "12")
    network.mean[:-1, 0], alone.mean[:-1, 0] = 0.3 * moves, 0.9 * moves
    forecasts = {"lstm": network, "linear_inputs": alone}
    result = made_up_result(series, forecasts=forecasts)
    assert "better than" not in result.verdict_price
    assert (
        "worse than the same inputs without the LSTM one day ahead"
        in result.verdict_price
    )


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
    text = made_up_result(series, forecasts=forecasts).verdict_price
    assert "worse than boosting on the last returns one day ahead (" in text
    assert "; worse than a linear model 5 days ahead (" in text


def test_the_p_value_is_that_of_the_named_rival(series):
    """Boosting is better, though not beyond chance; the linear model is the same."""
    logs, noise = np.diff(np.log(series.prices))[99:], np.random.default_rng(0)
    network = known_mean(102)
    boosting = known_mean(102)
    boosting.mean[:-1, 0] = 0.2 * (logs + noise.normal(0, 0.025, len(logs)))
    forecasts = {"lstm": network, "linear": network, "boosting": boosting}
    first = made_up_result(series, forecasts=forecasts).price.outcomes[0]
    assert (first.kind, first.gain, first.p) == ("same", 0.0, 1.0)


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
    assert "what to expect" in same.verdict_price
    better = known_mean(102)
    better.mean[:-1, 0] = -network.mean[:-1, 0]
    same = made_up_result(series, forecasts={"lstm": network, "linear": better})
    assert "predicts this series" not in same.verdict_price


def test_a_price_that_a_linear_model_knows_better_is_said_by_name(series):
    moves = np.diff(np.log(series.prices))[99:]
    linear = made_up_result(series).table.forecasts["linear"]
    linear.mean[:-1, 0] = 0.2 * moves  # it knows a part of the next move
    without = known_mean(len(linear.mean))
    forecasts = {"linear": linear, "linear_inputs": without}
    result = made_up_result(series, forecasts=forecasts)
    assert "worse than a linear model one day ahead" in result.verdict_price
    assert (
        "The LSTM adds nothing. One day ahead a linear model predicts this series: "
        in (result.verdict_price)
    )
    assert "error -20%" in result.verdict_price
    assert result.summary()["verdict"]["price"]["predicted_by"] == "linear"


def test_an_error_that_grows_beyond_the_last_price_is_called_worse(series):
    """At one of four horizons alone, with a p-value of a few percent."""
    far = made_up_result(series).table.forecasts["lstm"]
    moves = np.log(series.prices[119:] / series.prices[99:-20])
    far.mean[: len(moves), 3] = -0.12 * moves
    result = made_up_result(series, forecasts={"lstm": far})
    assert "worse than the last price 20 days ahead" in result.verdict_price
    assert "what to expect" not in result.verdict_price


@pytest.mark.parametrize(
    ("share", "size"),
    [
        (0.5, "error +48%"),  # of the mean return, which has the clearest p-value
        (1.1, "error 2.1 times as large"),
        (19, "error 20 times as large"),
    ],
)
def test_the_size_of_a_difference_is_read_without_an_exponent(series, share, size):
    far = made_up_result(series).table.forecasts["lstm"]
    ratios = series.prices[100:] / series.prices[99:-1]
    far.mean[:-1, 0] = np.log(1 + share * (1 - ratios))
    result = made_up_result(series, forecasts={"lstm": far})
    assert f"one day ahead ({size}, p <" in result.verdict_price
    assert "e+" not in result.verdict_price


def test_a_recipe_without_intervals_has_nulls_there(bare):
    summary = json.loads(json.dumps(bare.summary()))
    assert list(summary) == KEYS
    assert [key for key in KEYS if summary[key] is None] == UNKNOWN
    assert summary["rmse"] == pytest.approx(1.0)
    assert [each["horizon"] for each in summary["horizons"]] == [1]


def test_years_are_judged_one_by_one(result):
    years = coverage_by_year(result.by_horizon[1])
    assert sum(year.rows for year in years) == 101
    mean = sum(year.rows * year.coverage[80] for year in years) / 101
    assert mean == pytest.approx(result.metrics["coverage_80"])
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
    names = {"nll": "nll", "nll_rival": "nll_best_rival", "coverage_80": "coverage_80"}
    for name, whole in names.items():
        mean = sum(part.rows * getattr(part, name) for part in parts) / 101
        assert mean == pytest.approx(result.metrics[whole])
    assert [part.rel_rmse for part in parts] == [1, 1]
    alone = bare.by_fold
    assert [(part.rows, part.nll, part.coverage_80) for part in alone] == [
        (101, None, None)
    ]
    assert alone[0].rel_rmse == pytest.approx(bare.metrics["rel_rmse"])


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
    for each in result.summary()["horizons"]:
        own = rows[rows.horizon == each["horizon"]]
        gain = np.log(own.actual / own.naive)
        nll = {
            name: -stats.t.logpdf(
                gain,
                own[f"{name}freedom"],
                own[f"{name}mean"],
                own[f"{name}deviation"] * np.sqrt(1 - 2 / own[f"{name}freedom"]),
            )
            - np.log(own.unit)
            for name in ["", *(f"{rival}_" for rival in RISKS)]
        }
        found = {"rows": len(own), "nll": nll[""].mean()}
        found |= {f"nll_{r}": nll[f"{r}_"].mean() for r in RISKS}
        squares = {
            name: (own.actual - own[name]) ** 2
            for name in ("predicted", "naive", "drift", "linear")
        }
        for key, name in (
            ("rel_rmse", "predicted"),
            ("rel_rmse_drift", "drift"),
            ("rel_rmse_linear", "linear"),
        ):
            ratio = squares[name].mean() / squares["naive"].mean()
            found[key] = np.sqrt(ratio)
        for level in (80, 95):
            for raw in ("", "_raw"):
                low, high = own[f"low_{level}{raw}"], own[f"high_{level}{raw}"]
                below, above = own.actual < low, own.actual > high
                beyond = (low - own.actual) * below + (own.actual - high) * above
                score = high - low + beyond * 2 / (1 - level / 100)
                found[f"coverage_{level}{raw}"] = 1 - (below | above).mean()
                found[f"winkler_{level}{raw}"] = score.mean()
        for name, expected in found.items():
            assert each[name] == pytest.approx(expected, rel=2e-5), name
        days = each["horizon"]
        p_price = diebold_mariano_p(squares["predicted"] - squares["naive"], days)
        assert each["dm_p"] == pytest.approx(p_price, abs=1e-4)
        p_risk = diebold_mariano_p(nll[""] - nll[f"{each['best_rival']}_"], days)
        assert each["dm_p_risk"] == pytest.approx(p_risk, abs=1e-4)
        assert 0.001 < p_risk < 0.999
        p_best = diebold_mariano_p(
            squares["predicted"] - squares[each["best_price_rival"]], days
        )
        assert each["dm_p_price"] == pytest.approx(p_best, abs=1e-4)


def diebold_mariano_p(differences, days):
    """Diebold and Mariano (1995) as Harvey, Leybourne and Newbold (1997) correct it."""
    x, n = differences.to_numpy(), len(differences)
    centred = x - x.mean()
    products = [centred[k:] @ centred[: n - k] / n for k in range(days)]
    variance = (products[0] + 2 * sum(products[1:])) / n
    assert variance > 0
    correction = (n + 1 - 2 * days + days * (days - 1) / n) / n
    t = x.mean() / np.sqrt(variance) * np.sqrt(correction)
    return 2 * stats.t.sf(abs(t), n - 1)


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
        for number, name in enumerate((*RISKS, "drift", "linear"), start=1)
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


def test_a_result_of_an_earlier_version_opens_with_the_same_figures(result):
    """It had other names of the forecasts, no variances of the models of the price."""
    now = unpack(result.encode())
    earlier = {
        name: each for name, each in now.items() if not name.startswith("table/")
    }
    for model, forecast in result.table.forecasts.items():
        if model in RISKS:
            earlier |= forecast.encode(f"rivals/{model}")
        elif model == "lstm":
            earlier |= forecast.encode("outlook")
        elif model != "naive":
            earlier[f"rivals/{model}"] = forecast.mean.astype(np.float32)
    earlier["accepted"] = np.zeros((2, 4))
    again = Result.decode(pack(earlier, compress=True))
    before, after = result.summary(), again.summary()
    unknown = {f"{kind}_{name}" for kind in ("nll", "crps") for name in MEANS}
    for was, became in zip(
        (before, *before.pop("horizons")), (after, *after.pop("horizons")), strict=True
    ):
        for key in was.keys() - {"models"}:
            assert became[key] == (None if key in unknown else was[key]), key
    rows = {row["model"]: row for row in after["models"] if row["horizon"] == 1}
    assert set(rows) == set(result.table.forecasts)
    assert rows["linear"]["nll"] is None
    assert rows["linear"]["rel_rmse"] == 1
    assert again.accepted.shape == (2, 2, 4)
    assert again.table.fold.tolist() == sorted(again.table.fold.tolist())
    assert (
        again.to_csv().splitlines()[1].split(",")[2:5]
        == (result.to_csv().splitlines()[1].split(",")[2:5])
    )


def test_the_risk_is_not_judged_while_a_split_is_undecided(series):
    split = StockSplit(row=9, new=2, old=1, date="2001-01-10", before=50, after=25)
    waiting = dataclasses.replace(series, splits=(split,))
    result = made_up_result(waiting)
    assert "not judged" in result.verdict_risk
    assert "2:1 on 2001-01-10" in result.verdict_risk
    summary = result.summary()
    assert summary["verdict_risk"] == result.verdict_risk
    assert summary["dm_p_risk"] is None
    assert [each["dm_p_risk"] for each in summary["horizons"]] == [None] * 4
    assert Result.decode(result.encode()).verdict_risk == result.verdict_risk
    decided = dataclasses.replace(result, series=series)
    assert decided.verdict_risk == made_up_result(series).verdict_risk
