"""How to add a task: a module such as `tests/core/toy.py`, and a line in the registry.

The line in `core/registry.py` is that of the fixture `registered` below. Any worker
then trains the task; it has a page, is compared, searched, shared and taken away, and
can be the task of a class. Views of its own are in `pages/ui/<folder>/task.py`
(`pages/ui/task_views.py`) and `pages/<task>.py`, the words and figures of its report in
`core/<folder>/report.py`, the file of its model in `core/<folder>/download.py`.
"""

from pathlib import Path

import nbformat
import plotly.graph_objects as go
import pytest

from core import registry
from core.runs.classes import goals_for
from core.runs.search.engine import Engine
from core.runs.search.space import Extent, Plan, parse_space
from core.settings_file import read_settings, write_settings
from core.takeaway import make_notebook, make_report
from core.task import UserError
from pages.ui.live.view import view_of
from tests import platforms
from tests.core import toy
from tests.driver.pages.app import open_page
from tests.platforms import execute

APP = Path(__file__).parents[2] / "app.py"


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    monkeypatch.setitem(registry.TASKS, "toy", "tests.core.toy")


@pytest.fixture(scope="module")
def own_platform(tmp_path_factory):
    with platforms.own_platform(tmp_path_factory.mktemp("toy")) as own:
        yield own


def trained(platform, owner, **settings):
    """The id of a finished run."""
    config = toy.Config(**{"epochs": 9, **settings})
    run_id = platform.start(owner, "toy", config, toy.TASK.example()[1])
    return execute(run_id)


def tables(page):
    return "\n".join(table.value.to_string() for table in page.table)


def words(page):
    return "\n".join(part.value for part in (*page.title, *page.markdown))


def result(platform, owner, run_id):
    return toy.Result.decode(platform.store.result(owner, run_id))


def test_a_new_task_is_started_stopped_resumed_and_ends_like_an_undisturbed_one(
    own_platform,
):
    store, run = own_platform.store, toy.Config(epochs=9)
    whole, run_id = (
        own_platform.start(owner, "toy", run, [1, 2]) for owner in ("ann", "bob")
    )
    execute(whole)
    execute(run_id, stop_at=4)
    assert store.get("bob", run_id).status == "stopped"
    assert store.get("bob", run_id).summary["epochs"] < 9
    own_platform.resume("bob", run_id)
    execute(run_id)
    run = store.get("bob", run_id)
    assert (run.status, run.title, run.summary["epochs"]) == ("done", "Toy", 9)
    assert store.points(run_id) == store.points(whole)
    ours, theirs = (
        result(own_platform, "bob", run_id),
        result(own_platform, "ann", whole),
    )
    assert ours == theirs
    assert ours.mean == pytest.approx(1.5, abs=0.3)


def test_a_new_task_refuses_data_that_it_cannot_learn_from(own_platform):
    with pytest.raises(UserError, match="got none"):
        own_platform.start("ann", "toy", toy.Config(), [])


def test_a_new_task_has_a_page_that_trains_it_and_shows_its_result(own_platform):
    page = open_page("task", "carl")
    assert page.title[0].value == "Toy"
    assert toy.TASK.ABOUT in words(page)
    page.number_input(key="toy_epochs").set_value(5).run()
    page.button(key="toy_train").click().run()
    assert not page.exception
    assert page.button(key="toy_stop")
    execute(page.query_params["run"])
    page.run()
    assert not page.exception
    assert "Error of the mean" in tables(page)
    assert page.number_input(key="toy_epochs").value == 5
    files = [each.proto.label for each in page.get("download_button")]
    assert files == ["Notebook", "Report (HTML)", "Settings (JSON)"]
    assert "Error of the mean" in words(open_page("runs", "carl"))


def test_home_has_a_card_for_each_task_with_a_page_and_for_a_new_one(own_platform):
    page = open_page("home", "carl")
    assert toy.TASK.ABOUT in words(page)
    cards = {link.proto.page: link.proto.label for link in page.get("page_link")}
    tasks = (registry.get_task(name) for name in registry.TASKS)
    shown = {task.name: task.LINK for task in tasks if task.name in task.PAGES}
    assert {"stock", "emoji", "music", "toy"} <= shown.keys()
    assert not {"text", "adding"} & shown.keys()  # tasks on pages of cells
    assert shown.items() <= cards.items()


def test_runs_of_a_new_task_are_compared(own_platform):
    ids = [trained(own_platform, "dora", rate=rate) for rate in (0.1, 0.2)]
    page = open_page("compare", "dora", runs=",".join(ids))
    shown = tables(page)
    assert "Rate" in shown
    assert "Error of the mean" in shown


def test_the_settings_of_a_new_task_are_searched(own_platform):
    plan = Plan(
        space=parse_space(["rate=0.01:0.95"], toy.Config),
        extent=Extent(trials=3, seeds=2),
    )
    study_id = own_platform.start_search(
        "emil", "toy", toy.Config(rate=0.9), [1, 2], plan
    )
    studies = own_platform.studies
    while studies.get("emil", study_id).active:
        Engine(studies).advance()
        for run in studies.runs(study_id):
            if run.status == "queued":
                execute(run.id)
    assert studies.get("emil", study_id).status == "done"
    page = open_page("search", "emil", study=study_id)
    assert "**Toy**" in words(page)
    page.button(key="search_adopt").click().run()
    assert not page.exception
    assert page.title[0].value == "Toy"


def test_a_run_of_a_new_task_is_shared_to_look_at(own_platform):
    run_id = trained(own_platform, "finn")
    token = own_platform.shares.create("finn", [run_id])
    page = open_page("shared", "a stranger", share=token)
    assert "Shared with you" in words(page)
    assert "Error of the mean" in tables(page)
    link = page.get("page_link")[0].proto
    assert (link.page, "toy_epochs=9" in link.query_string) == ("toy", True)
    assert not page.button


def test_a_run_of_a_new_task_is_taken_away(own_platform, monkeypatch):
    run_id = trained(own_platform, "gina")
    found, points = (
        result(own_platform, "gina", run_id),
        own_platform.store.points(run_id),
    )
    report = make_report("toy", found, points, name="My toy").decode()
    assert "Toy: My toy" in report
    assert "Error of the mean" in report
    settings = read_settings(write_settings("toy", found.config), {"toy": toy.Config})
    assert settings == ("toy", found.config.values)
    monkeypatch.setenv("UNROLLED", str(APP.parent))
    monkeypatch.setattr(go.Figure, "show", lambda _: None)
    content = make_notebook("toy", found, points).content
    notebook = nbformat.reads(content, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    namespace = {}
    for cell in code:
        exec(cell.source, namespace)
    assert namespace["comparison"].same


def test_a_new_task_is_set_in_a_class_and_has_its_tile_on_the_board(own_platform):
    classes = own_platform.classes
    code = classes.create("teacher", "7b")
    classes.join("hal", code, "Hal")
    link = "http://here/toy?toy_epochs=9"
    (goal,) = (
        each.goal(1.0) for each in goals_for("toy", "toy_epochs=9") if each.measure
    )
    classes.add_task("teacher", code, "Learn a mean", link, goal)
    run_id = trained(own_platform, "hal")
    assert "Toy · Error of the mean" in words(open_page("classes", "teacher"))
    view = view_of(f"board/{code}", "teacher", {})
    (student,) = view.make()["board"]["students"]
    assert (student["run"], student["done"]) == (run_id, "1/1")
    assert student["caption"].startswith("Error of the mean")
    page = open_page("classes", "hal")
    (task,) = classes.tasks(code)
    page.button(key=f"classes_open_{task.id}").click().run()
    assert page.title[0].value == "Toy"
    assert page.number_input(key="toy_epochs").value == 9
