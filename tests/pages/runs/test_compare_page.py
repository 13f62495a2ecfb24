"""The comparison of runs: what a link to it shows, refuses, and starts."""

import dataclasses

import pytest

from core.registry import get_task
from core.runs.store import RunWriter
from core.task import UserError
from pages.ui.live.view import view_of
from pages.ui.session import platform
from tests import platforms
from tests.conftest import wait_until
from tests.driver.pages.app import open_page, text_of
from tests.driver.pages.finished import finished
from tests.pages.answers import answer, parts
from tests.platforms import execute

ME, OTHER, SOMEBODY = "m" * 43, "o" * 43, "s" * 43  # a minute has few starts for each


@pytest.fixture(scope="module", autouse=True)
def own_platform(tmp_path_factory):
    with platforms.own_platform(tmp_path_factory.mktemp("compare")):
        yield


def start(task="adding", owner=ME, **changes):
    config, data = get_task(task).tiny()
    return platform().start(owner, task, dataclasses.replace(config, **changes), data)


def trained(task="adding", owner=ME, **changes):
    return execute(start(task, owner, **changes))


def compare(*ids, owner=ME, **parameters):
    return open_page("compare", owner, runs=",".join(ids), **parameters)


def tables(app):
    return [table.value for table in app.table]


def curves(app):
    """The figure of the curves, and the rows of the table below it."""
    part = answer(app, "compare_live")
    assert part["page"] == parts(app)["compare_live"]["page"]
    figure, table = part["blocks"]
    return figure, table["rows"]


@pytest.fixture(scope="module")
def two():
    return trained(units=3), trained(units=5)


@pytest.fixture(scope="module")
def strange():
    """A run of another task, and one of somebody else."""
    return {"text": trained("text"), "other": trained(owner=SOMEBODY)}


def test_a_link_shows_the_curves_the_setting_that_differs_and_the_results(two, files):
    app = compare(*two)
    assert app.selectbox(key="compare_metric").value == "lstm_mse"
    settings, results = tables(app)
    figure, runs = curves(app)
    assert [trace["name"] for trace in figure["figure"]["data"]] == ["A", "B"]
    assert list(settings.iloc[:, 0]) == ["Units"]
    assert settings.iloc[0, 1:].tolist() == ["3", "5"]
    assert [run["Run"]["text"] for run in runs] == ["A units 3", "B units 5"]
    assert runs[0]["Run"]["link"].startswith("lstm?run=")
    assert "one seed: no test" in results.iloc[0, 1]
    assert not app.warning
    for name in ("curves", "settings", "results"):
        assert len(files(f"compare_{name}_csv")) > 1


def test_a_switch_shows_the_settings_in_common_as_well(two):
    app = compare(*two)
    app.toggle(key="compare_all").set_value(True).run()
    assert len(tables(app)[0]) == 1 + len(get_task("adding").Config().values)


def test_the_link_brings_axis_smoothing_and_the_chosen_run(two):
    app = compare(
        *two, compare_axis="time", compare_smoothing="0.5", compare_chosen="B"
    )
    assert app.segmented_control(key="compare_axis").value == "time"
    assert app.slider(key="compare_smoothing").value == 0.5
    assert "units 5" in text_of(app)
    app.slider(key="compare_smoothing").set_value(0.25).run()
    assert app.query_params["compare_smoothing"] == "0.25"
    assert app.query_params["runs"] == ",".join(two)


@pytest.mark.parametrize(
    ("link", "says", "left"),
    [
        ("{a},{b},{other}", "One run of this link is not yours", 2),
        ("{a},{text},{b}", "One run of this link is of another task", 2),
        ("{a}", "needs two to eight runs", 1),
        ("{a},{a}", "needs two to eight runs", 1),
        ("{a},{b},{a},%00,'; drop table runs,{}", "3 runs of this link are not", 2),
        ("", "needs two to eight runs", 0),
        (",,,", "needs two to eight runs", 0),
        ("{other}", "One run of this link is not yours", 0),
    ],
)
def test_a_link_that_is_wrong_says_so_and_shows_what_remains(
    two, strange, link, says, left
):
    ids = {"a": two[0], "b": two[1]} | strange
    for name, run_id in ids.items():
        link = link.replace("{" + name + "}", run_id)
    app = compare(link)
    assert says in text_of(app)
    assert (len(curves(app)[1]) if left else len(parts(app))) == left


def test_of_nine_runs_the_first_eight_are_shown(two):
    more = [trained(units=units) for units in range(6, 13)]
    app = compare(*two, *more)
    assert "At most 8 runs" in text_of(app)
    assert len(curves(app)[1]) == 8
    for ids in (two[:1] * 200, [*two, *more] * 20):  # of a request no page makes
        table = view_of(f"compare/{','.join(ids)}", ME, {}).make()["blocks"][1]
        assert len(table["rows"]) == min(len(set(ids)), 8)


def test_runs_that_train_have_no_result_yet_and_are_followed(two):
    waiting = start(units=20)
    app = compare(two[0], waiting)
    assert curves(app)[1][1]["State"] == "Waiting"
    assert tables(app)[1].iloc[0, 2] == "–"
    path = f"compare/{two[0]},{waiting}"
    drawn = view_of(path, ME, {}).page
    execute(waiting)
    wait_until(lambda: view_of(path, ME, {}).page != drawn, what="the end of the run")
    app.run()
    assert curves(app)[1][1]["State"].startswith("Finished")
    assert tables(app)[1].iloc[0, 2] != "–"


def test_further_seeds_are_queued_within_the_limits_and_their_results_count():
    ids = [trained(owner=OTHER, units=units) for units in (2, 3, 4)]
    app = compare(*ids, owner=OTHER)
    app.button(key="compare_seeds").click().run()
    assert "4 of 6 runs are queued" in text_of(app)
    assert "unfinished runs, the most" in text_of(app)
    queued = [run for run in platform().store.runs_of(OTHER) if run.active]
    assert sorted(run.settings["seed"] for run in queued) == [1, 1, 1, 2]
    for run in queued:
        execute(run.id)
    app.run()
    _, results = tables(app)
    assert ["3 seeds" in cell for cell in results.iloc[0, 1:]] == [True, False, False]
    assert "one seed" not in results.to_string()
    assert app.button(key="compare_seeds").label == "Run 1 more seed of each"


def test_the_result_of_a_stopped_run_is_shown_and_does_not_count(two):
    stopped = start(units=40)
    RunWriter.claim(platform().store, stopped).finish(
        "stopped", summary={"lstm_mse": 0.25}
    )
    _, results = tables(compare(two[0], stopped))
    assert "0.25" in results.iloc[0, 2]
    assert "not included" in results.iloc[0, 2]


def samples(task):
    """A comparison of two runs of a task, with what they make of the same."""
    app = compare(*[finished(ME, task, epochs=epochs) for epochs in (7, 8)])
    app.toggle(key="compare_samples").set_value(True).run()
    assert not app.exception
    return app


def test_texts_of_both_networks_are_shown_when_they_are_asked_for():
    app = samples("text")
    assert "own temperature" in text_of(app)
    app.toggle(key="compare_samples").set_value(False).run()
    assert "own temperature" not in text_of(app)


def test_both_models_answer_the_sentence_that_is_typed():
    app = samples("emoji")

    def answers():
        table = tables(app)[-1]
        assert len(table) == 2
        return set(table["Answer"])

    first = answers()
    app.text_input(key="compare_text").set_value("I love you so much").run()
    assert answers() != first
    assert "heart" in str(answers())


def test_both_models_play_over_the_chords_that_are_typed():
    app = samples("music")

    def players():
        found = [str(each.proto) for each in app.get("bidi_component")]
        return [letter for letter in "AB" if f"Melody of {letter}" in str(found)]

    assert players() == ["A", "B"]
    app.pills(key="compare_players").set_value(["B"]).run()
    assert players() == ["B"]
    app.text_input(key="compare_chords").set_value("Dm7 Hxx").run()
    assert not app.exception
    assert "Hxx" in app.error[0].value
    assert players() == []


def test_a_name_with_markup_is_shown_as_it_is(two):
    from core.runs.store.schema import runs

    named = trained(units=30)
    with platform().store.engine.begin() as connection:
        change = runs.update().where(runs.c.id == named)
        connection.execute(change.values(own_name="[x](http://evil) **b**"))
    app = compare(two[0], named)
    assert curves(app)[1][1]["Run"]["text"] == "B [x](http://evil) **b**"
    assert "\\[x\\]" in app.pills(key="compare_chosen").options[1]


def test_the_curves_are_drawn_as_the_query_says(two):
    path = f"compare/{','.join(two)}"
    asked = {"metric": "lstm_mse", "axis": "time", "smoothing": "0.5", "chosen": "B"}

    def figure(**query):
        return view_of(path, ME, query).make()["blocks"][0]["figure"]

    assert len(figure(**asked).data) == 4  # smoothed, and as they are
    assert figure(**asked).layout.xaxis.title.text.startswith("Seconds")
    assert figure(metric="lstm_mse", log="true").layout.yaxis.type == "log"
    shown = view_of(path, ME, {"metric": "no such one"}).make()["blocks"][0]
    assert "after the first epoch" in shown["text"]
    with pytest.raises(UserError, match="smoothing: expected a number from 0"):
        figure(smoothing="nan")
