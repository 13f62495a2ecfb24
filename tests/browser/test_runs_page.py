"""The list of runs while somebody types, and runs come and go."""

from dataclasses import replace

from playwright.sync_api import expect

from core.registry import get_task
from core.runs.store import RunWriter
from pages.ui.server import COOKIE
from pages.ui.session import platform
from tests.conftest import wait_until


def begin(owner, seed):
    """Start a run that this process trains."""
    task = get_task("adding")
    config, data = task.tiny()
    run_id = platform().store.create(
        owner,
        "adding",
        replace(config, seed=seed),
        title=task.title(data),
        data=task.encode_data(data),
    )
    return RunWriter.claim(platform().store, run_id)


def test_a_name_that_is_being_typed_outlives_what_happens_to_other_runs(visit):
    page = visit("runs")
    cookies = {item["name"]: item["value"] for item in page.page.context.cookies()}
    owner, store = cookies[COOKIE], platform().store
    begin(owner, seed=1).finish("done")
    (run,) = store.runs_of(owner)
    training = begin(owner, seed=2)
    page.keyed(f"runs_{run.id}").get_by_role("button", name="Details").click()
    box = page.keyed(f"runs_name_{run.id}").locator("input")
    box.press_sequentially("wid")
    another = begin(owner, seed=3)
    another.finish("done")
    for epoch in (1, 2, 3):
        training.record([], progress=epoch, total=9, seconds=1)
        shown = page.keyed(f"runs_{training.run.id}")
        expect(shown).to_contain_text(f"epoch {epoch} of 9")
    training.finish("done")
    expect(box).to_be_focused()
    box.press_sequentially("e")
    box.press("Enter")
    wait_until(lambda: store.get(owner, run.id).own_name == "wide", what="the name")
    page.page.keyboard.press("Escape")
    expect(page.keyed(f"runs_{run.id}")).to_contain_text("wide")
    expect(page.keyed(f"runs_{another.run.id}")).to_be_visible()
    expect(shown).to_contain_text("Finished")
    page.assert_quiet()
