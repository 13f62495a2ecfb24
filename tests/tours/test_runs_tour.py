"""The list of runs while somebody types, and runs come and go."""

import re
from dataclasses import replace

from playwright.sync_api import expect

from core.registry import get_task
from pages.ui.session import platform
from pages.ui.web.server import COOKIE
from tests.conftest import wait_until
from tests.rows import add_finished

LONG = {"epochs": 500, "steps": 200, "length": 40}  # until it is stopped


def add_run(owner):
    config, _ = get_task("adding").tiny()
    values = {"title": "Adding problem", "config": config.to_json()}
    return add_finished(platform().store, owner, task="adding", **values)


def cookie(page):
    cookies = {one["name"]: one["value"] for one in page.page.context.cookies()}
    return cookies.get(COOKIE)


def test_a_name_that_is_being_typed_outlives_what_happens_to_other_runs(visit):
    page = visit("runs")
    owner = wait_until(lambda: cookie(page), what="the cookie")
    store = platform().store
    named = add_run(owner)
    config, data = get_task("adding").tiny()
    training = platform().start(owner, "adding", replace(config, **LONG), data)
    shown = page.keyed(f"runs_{training}")

    def epoch():
        found = re.search(r"epoch (\d+) of", shown.inner_text())
        return int(found[1]) if found else 0

    wait_until(epoch, what="the first epoch")
    page.keyed(f"runs_{named}").get_by_role("button", name="Details").click()
    box = page.keyed(f"runs_name_{named}").locator("input")
    box.press_sequentially("wid")
    before, another = epoch(), add_run(owner)
    wait_until(lambda: epoch() > before, what="another epoch")
    platform().stop(owner, training)
    expect(box).to_be_focused()
    box.press_sequentially("e")
    box.press("Enter")
    wait_until(lambda: store.get(owner, named).own_name == "wide", what="the name")
    page.page.keyboard.press("Escape")
    expect(page.keyed(f"runs_{named}")).to_contain_text("wide")
    expect(page.keyed(f"runs_{another}")).to_be_visible()
    expect(shown).to_contain_text("Stopped")
    page.assert_quiet()
