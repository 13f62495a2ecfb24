"""The views of the price page: each tab draws, each control has an effect."""

import dataclasses
import json

import numpy as np
import pytest

from core.stock import Config
from core.stock.sources.samples import SAMPLES
from pages.ui.session import platform
from pages.ui.stock.models import example
from pages.ui.stock.result import price_format
from tests.driver.pages.app import csv, open_page, text_of, train_to_the_end, upload
from tests.driver.pages.stock import open_tab

FILES = ["Notebook", "Report (HTML)", "Settings (JSON)"]
TABS = ["Result", "Judgement", "Recipes", "Take away", "How it works"]
SMALL = {"epochs": 3, "units": 4, "window": 32}
CHARTS = {"Result": 1, "Judgement": 8, "Recipes": 2, "Take away": 0, "How it works": 0}


@pytest.fixture(scope="module")
def box():
    """One page that shows the example to many tests."""
    return open_page("stock")


@pytest.fixture
def fresh():
    return open_page("stock")


@pytest.fixture(scope="module")
def trained():
    """A page whose person trained both recipes on a file of theirs."""
    page = upload(open_page("stock"), csv(700), "mine.csv")
    small(page, seeds=2, folds=2, horizon=5, forecast_days=3, cost=7)
    train_to_the_end(page)
    page.segmented_control(key="stock_recipe").set_value("classic").run()
    classic = train_to_the_end(small(page))
    page.query_params["run"] = classic.id
    return page


def small(page, **others):
    for name, value in {**SMALL, **others}.items():
        page.number_input(key=f"stock_{name}").set_value(value)
    return page.run()


def runs_by_recipe(page):
    runs = platform().store.runs_of(page.session_state["owner"])
    return {run.settings["recipe"]: run for run in reversed(runs)}


def show(page, recipe, tab):
    page.query_params["run"] = runs_by_recipe(page)[recipe].id
    return open_tab(page, tab)


def charts(page):
    """The figures by their keys."""
    return {
        chart.proto.id.rsplit("-", 1)[-1]: json.loads(chart.proto.spec)
        for chart in page.get("plotly_chart")
    }


def table(page, column):
    """The first table that has a column."""
    return next(t.value for t in page.table if column in t.value.columns)


def test_the_example_is_shown_with_both_verdicts_and_the_days_to_come(box):
    result = example().result
    open_tab(box, "Result")
    text = text_of(box).replace("**", "")
    assert "Example" in text
    for verdict in (result.price, result.risk):
        assert text.index("Example") < text.index(verdict.plain)
        assert text.index(verdict.plain) < text.index(verdict.text)
        assert "p " in verdict.text
        assert not {"p ", "NLL", "GARCH"} & set(verdict.plain.split())
    assert str(result.future.dates[-1]) in text
    assert "stock_future" in charts(box)


def test_other_prices_or_another_recipe_take_the_example_away(fresh):
    verdict = example().result.price.plain
    assert verdict in text_of(fresh)
    fresh.segmented_control(key="stock_recipe").set_value("classic").run()
    assert verdict not in text_of(fresh)
    assert example("classic").result.price.plain in text_of(fresh)
    assert set(charts(fresh)) & {"stock_hero", "stock_future"} == {"stock_hero"}
    fresh.segmented_control(key="stock_recipe").set_value("honest").run()
    assert verdict in text_of(fresh)
    upload(fresh, csv(700), "mine.csv")
    assert verdict not in text_of(fresh)
    assert "Example" not in text_of(fresh)
    assert "After *Train*" in text_of(fresh)
    (line,) = charts(fresh)["stock_prices"]["data"]
    assert len(line["x"]) == 365  # days, with weekends
    assert "stock_future" not in charts(fresh)


@pytest.mark.parametrize("tab", TABS)
def test_only_the_open_tab_is_worked_out_and_every_chart_has_words(box, tab):
    open_tab(box, tab)
    drawn = box.get("plotly_chart")
    assert len(drawn) == 1 + CHARTS[tab]  # one is above the tabs
    assert all(chart.proto.alt for chart in drawn)
    assert ("Leakage self-test passed" in text_of(box)) == (tab == "Judgement")
    files = len(box.get("download_button"))  # the forecast's is below its chart
    assert (files > 1) == (tab == "Take away")


@pytest.mark.parametrize("recipe", ["honest", "classic"])
@pytest.mark.parametrize("tab", ["Result", "Judgement"])  # the others: below
def test_a_tab_shows_the_result_of_either_recipe(trained, recipe, tab):
    show(trained, recipe, tab)
    assert "Finished" in text_of(trained)
    assert not trained.error
    if tab == "Judgement":  # a slider over the epochs of this training
        assert "stock_snapshots" in charts(trained)


def test_the_span_and_the_log_axis_change_the_picture(box):
    open_tab(box, "Result")
    sizes = {}
    for span in ("Last year", "Whole test", "All"):
        box.segmented_control(key="stock_span").set_value(span).run()
        lines = charts(box)["stock_forecast"]["data"]
        sizes[span] = {line["name"]: len(line["x"]) for line in lines}
    result = example().result
    assert sizes["Last year"]["Predicted"] == 250
    assert sizes["Whole test"]["Predicted"] == len(result.dates)
    assert sizes["All"]["Actual"] > sizes["Whole test"]["Actual"]
    box.segmented_control(key="stock_span").set_value("Last year")
    box.toggle(key="stock_log_price").set_value(True).run()
    assert charts(box)["stock_forecast"]["layout"]["yaxis"]["type"] == "log"
    box.toggle(key="stock_log_price").set_value(False).run()


def test_the_days_ahead_change_the_tables_and_the_coverage(box):
    open_tab(box, "Judgement")
    seen = {}
    for days in (1, 20):
        box.segmented_control(key="stock_days_ahead").set_value(days).run()
        errors, years = table(box, "RMSE ratio"), charts(box)["stock_years"]["data"]
        seen[days] = errors["RMSE ratio"][0], json.dumps(years)
        network = example().result.by_horizon[days].network
        assert errors["RMSE ratio"][0] == f"{network.rel_rmse:.4f}"
        assert table(box, "NLL")["NLL"][0] == f"{network.nll:.4f}"
    assert seen[1][0] != seen[20][0]
    assert seen[1][1] != seen[20][1]
    box.segmented_control(key="stock_days_ahead").set_value(1).run()


def test_the_judgement_names_every_rival(box):
    open_tab(box, "Judgement")
    result, best = example().result, " (best simple model)"
    listed = [name for t in box.table for name in t.value.get("Forecast", [])]
    assert sum(name.endswith(best) for name in listed) == 2  # of the price, of the risk
    assert {
        *("Network", "Last price", "Mean return", "Linear model", "Constant, t"),
        *("GARCH(1,1), t", "GJR-GARCH(1,1), t", "EWMA 0.94, t", "ETS"),
    } <= {name.removesuffix(best) for name in listed}
    assert len(table(box, "Networks")) == len(result.seeds) + 1
    assert len(table(box, "Rows before")) == len(result.folds)
    assert result.lag.sentence in text_of(box)


def test_both_kinds_of_intervals_have_their_scores(box):
    open_tab(box, "Judgement")
    rows = table(box, "Winkler").set_index("Interval")
    kinds = {"conformal": "adjusted", "raw": "network alone"}
    for each in example().result.by_horizon[1].intervals:
        row = rows.loc[f"{each.level}%, {kinds[each.kind]}"]
        assert row["Coverage"] == f"{each.coverage:.1%}"
        assert float(row["Winkler"]) == pytest.approx(each.winkler, rel=0.01)


def test_values_at_risk_are_tested_where_enough_windows_do_not_overlap(box):
    open_tab(box, "Judgement")
    models = 1 + len(example().result.by_horizon[1].volatility)
    for level in ("5%", "1%"):
        backtests = table(box, f"Below {level} VaR")
        assert len(backtests) == models
        assert "–" not in list(backtests["Kupiec p"])
    assert "overlap" not in text_of(box)
    box.segmented_control(key="stock_days_ahead").set_value(20).run()
    assert "–" not in list(table(box, "Below 5% VaR")["Kupiec p"])
    assert set(table(box, "Below 1% VaR")["Christoffersen p"]) == {"–"}
    rows = len(example().result.by_horizon[20].actual)
    text = text_of(box)
    assert f"one row in 20, {-(-rows // 20)} in all" in text
    assert "too few to test" in text
    box.segmented_control(key="stock_days_ahead").set_value(1).run()


@pytest.mark.parametrize("key", ["stock_cost", "stock_trading_cost"])
def test_a_cost_is_counted_anew_wherever_it_is_changed(box, key):
    open_tab(box, "Judgement")
    result, curves = example().result, []
    for cost in (0.0, 50.0):
        box.number_input(key=key).set_value(cost).run()
        assert not box.exception
        config = dataclasses.replace(result.config, cost=cost)
        simulated = dataclasses.replace(result, config=config).trading
        assert simulated.sentence in text_of(box)
        assert box.number_input(key="stock_cost").value == cost
        assert box.number_input(key="stock_trading_cost").value == cost
        curves.append(charts(box)["stock_trading"]["data"][1]["y"])
    assert curves[0] != curves[1]
    box.number_input(key=key).set_value(Config().cost).run()


@pytest.mark.parametrize(
    ("prices", "written"),
    [
        ((3784.8, 4109.7, np.nan), "%.1f"),
        ((61_234.0, 98_000.0), "%.0f"),
        ((1.0712, 1.2), "%.4f"),
        ((0.02, 0.4), "%.6f"),
        ((0.05, 60_000.0), "%.5g"),
        ((-1.0, 3.0), "%.5g"),
        ((), "%.5g"),
    ],
)
def test_all_prices_of_a_table_have_the_same_decimals(prices, written):
    assert price_format(np.array(prices)) == written


def test_the_days_to_come_are_as_many_as_asked_for(box):
    open_tab(box, "Result")
    for days in (5, 60):
        box.number_input(key="stock_forecast_days").set_value(days).run()
        ahead = next(t.value for t in box.dataframe if "median" in t.value.columns)
        assert len(ahead) == days
        assert str(ahead["Date"].iloc[-1])[:10] in text_of(box)
    box.number_input(key="stock_forecast_days").set_value(20).run()


def test_a_recipe_brings_its_settings_and_leaves_what_is_not_its_own(fresh):
    fresh.number_input(key="stock_cost").set_value(3.0)
    fresh.number_input(key="stock_forecast_days").set_value(9).run()
    fresh.segmented_control(key="stock_recipe").set_value("classic").run()
    assert "Flawed on purpose" in text_of(fresh)
    wanted = Config.preset("classic", cost=3.0, forecast_days=9).values
    del wanted["recipe"]
    for name, value in wanted.items():
        assert fresh.number_input(key=f"stock_{name}").value == value, name
        assert fresh.number_input(key=f"stock_{name}").help


def test_training_on_an_uploaded_file_ends_with_its_result(trained):
    run = runs_by_recipe(trained)["honest"]
    assert (run.status, run.title) == ("done", "mine")
    assert run.summary["rows"] == 700
    assert len(show(trained, "honest", "Judgement").metric) == 4


def test_another_persons_run_is_not_shown(trained):
    page = open_page("stock", run=runs_by_recipe(trained)["honest"].id)
    assert "not yours or was deleted" in text_of(page)
    assert "Example" in text_of(page)


def test_the_list_of_runs_shows_settings_and_result_and_opens_one(trained):
    run = runs_by_recipe(trained)["honest"]
    page = open_page("runs", trained.session_state["owner"])
    shown = text_of(page)
    assert "Finished" in shown
    assert "units 4" in shown
    assert "last known price" in shown
    page.button(key=f"runs_open_{run.id}").click().run()
    assert page.title[0].value == "Prices"
    assert page.query_params["run"] == run.id


def test_every_setting_reaches_the_training(trained):
    runs = runs_by_recipe(trained)
    wanted = {**SMALL, "seeds": 2, "folds": 2, "horizon": 5, "forecast_days": 3}
    assert wanted.items() <= runs["honest"].settings.items()
    assert runs["honest"].settings["cost"] == 7
    show(trained, "honest", "Judgement")
    assert trained.segmented_control(key="stock_days_ahead").options == ["1", "5"]
    assert len(table(trained, "Networks")) == 3
    assert len(table(trained, "Rows before")) == 2


def test_both_recipes_of_a_person_stand_side_by_side(trained):
    for recipe in ("honest", "classic"):
        show(trained, recipe, "Recipes")
        assert {"stock_recipe_honest", "stock_recipe_seed"} <= set(charts(trained))
        both = table(trained, "Honest").set_index("On the same days")
        assert list(both.loc["Leakage self-test"]) == ["failed", "passed"]
        assert "It leaks" in text_of(trained)


def test_on_the_first_visit_both_recipes_stand_side_by_side(box):
    open_tab(box, "Recipes")
    classic = example("classic").result
    assert classic.price.text in text_of(box)
    assert classic.leakage.sentence in text_of(box)
    assert classic.epochs == Config.preset("classic").epochs
    assert "stock_recipe_seed" in charts(box)


def test_a_recipe_that_is_missing_is_offered_and_started(fresh):
    upload(fresh, csv(650), "other.csv")
    train_to_the_end(small(fresh, seeds=1, folds=1))
    open_tab(fresh, "Recipes")
    assert "Not trained on these prices yet" in text_of(fresh)
    fresh.button(key="stock_other").click().run()
    assert not fresh.exception
    store, me = platform().store, fresh.session_state["owner"]
    run = store.get(me, fresh.query_params["run"])
    assert run.settings == Config.preset("classic").values
    assert run.title == "other"
    assert fresh.segmented_control(key="stock_recipe").value == "classic"
    assert fresh.number_input(key="stock_window").value == run.settings["window"]
    platform().stop(me, run.id)


def test_the_classic_has_neither_a_future_nor_a_model_and_says_so(trained):
    show(trained, "classic", "Take away")
    text = text_of(trained)
    assert "forecasts no further" in text
    assert "saves no model" in text
    labels = [button.proto.label for button in trained.get("download_button")]
    assert labels == ["Results (CSV)", *FILES]


def test_a_result_is_there_to_take_away_in_files(trained):
    show(trained, "honest", "Take away")
    labels = [button.proto.label for button in trained.get("download_button")]
    assert labels[:2] == ["Forecast (CSV)", "Results (CSV)"]
    assert labels[2:] == [*FILES, "Trained model (ZIP)"]
    assert any("model.keras" in block.value for block in trained.code)


def test_while_a_training_runs_the_tabs_wait_for_it(fresh):
    fresh.segmented_control(key="stock_recipe").set_value("classic").run()
    fresh.button(key="stock_train").click().run()
    for tab in TABS[:-1]:
        open_tab(fresh, tab)
        assert "The result appears here after training" in text_of(fresh)
    open_tab(fresh, "How it works")
    assert fresh.code
    platform().stop(fresh.session_state["owner"], fresh.query_params["run"])


def test_a_refresh_brings_back_the_settings_and_the_sample(fresh):
    fresh.selectbox(key="stock_sample").set_value("WTI").run()
    small(fresh).button(key="stock_train").click().run()
    run_id, me = fresh.query_params["run"], fresh.session_state["owner"]
    again = open_page("stock", me, run=run_id)
    assert again.selectbox(key="stock_sample").value == "WTI"
    assert again.number_input(key="stock_units").value == SMALL["units"]
    platform().stop(me, run_id)


def test_a_run_opened_by_its_address_alone_has_its_own_data_and_settings(trained):
    run = runs_by_recipe(trained)["honest"]
    page = open_page("stock", trained.session_state["owner"], run=run.id)
    assert page.segmented_control(key="stock_source").value == "This run"
    assert "700 rows" in text_of(page)
    assert page.number_input(key="stock_window").value == SMALL["window"]
    assert not page.button(key="stock_train").disabled
    assert "does not include the data of the run" in text_of(page)
    page.segmented_control(key="stock_source").set_value("Sample").run()
    assert not page.exception
    assert page.selectbox(key="stock_sample").value in SAMPLES
