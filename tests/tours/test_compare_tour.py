"""Four tiny networks of the price page, compared in a browser."""

import re
import secrets
from dataclasses import replace

from playwright.sync_api import expect

from core.registry import get_task
from pages.ui.session import platform
from pages.ui.web.server import COOKIE
from tests.conftest import wait_until

CURVE_B = """() => {
  const plot = document.querySelector(".st-key-compare_curves.js-plotly-plot")
  const { xaxis, yaxis } = plot._fullLayout
  const points = plot.calcdata[1]
  const { x, y } = points[points.length >> 1]
  const box = plot.querySelector(".nsewdrag").getBoundingClientRect()
  return [box.x + xaxis.c2p(x), box.y + yaxis.c2p(y)]
}"""


def finished_run(page, prefix, known):
    """Wait for the end of a run that was not known; return its id. Close it."""
    others = "|".join(known) or "none"
    new_run = re.compile(rf"[?&]run=(?!{others})([0-9a-f]{{32}})")
    expect(page.page).to_have_url(new_run)  # until then the page shows the last one
    page.sees("Finished", seconds=120)
    run_id = new_run.search(page.page.url)[1]
    page.press(f"{prefix}_close")
    expect(page.keyed(f"{prefix}_close")).to_have_count(0)
    page.settle()
    return run_id


def train_four(owner):
    """Train on tiny prices with four sizes; return the runs' ids."""
    config, prices = get_task("stock").tiny()
    sizes = (replace(config, units=units) for units in (2, 4, 6, 8))
    ids = [platform().start(owner, "stock", size, prices) for size in sizes]
    for run in ids:
        wait_until(lambda run=run: platform().store.get(owner, run).status == "done")
    return ids


def test_four_networks_are_compared_chosen_by_their_curve_and_found_again(
    visit, dashboard
):
    owner = secrets.token_urlsafe(32)
    ids = train_four(owner)
    page = visit()
    cookie = {"name": COOKIE, "value": owner, "url": dashboard.url}
    page.page.context.add_cookies([cookie])
    page.open(f"compare?runs={','.join(ids)}")
    page.sees("one seed: no test")
    expect(page.keyed("compare_chosen").get_by_role("radio")).to_have_count(4)
    page.page.locator(".st-key-compare_curves.js-plotly-plot").wait_for()
    page.settle()
    page.keyed("compare_curves").scroll_into_view_if_needed()
    x, y = page.page.evaluate(CURVE_B)
    page.page.mouse.move(x - 2, y)
    page.page.mouse.click(x, y)
    expect(page.page).to_have_url(re.compile("compare_chosen=B"))
    page.keyed("compare_samples").get_by_text("Show the forecasts").click()
    page.page.locator(".st-key-compare_forecasts_0 .js-plotly-plot").wait_for()
    page.page.reload()
    page.settle()
    page.page.locator(".st-key-compare_forecasts_0 .js-plotly-plot").wait_for()
    expect(page.page).to_have_url(re.compile("compare_chosen=B"))
    page.assert_quiet()
    for width in (390, 1280):
        page.page.set_viewport_size({"width": width, "height": 900})
        page.fits(width)
    page.page.get_by_role("link", name="Open", exact=True).click()
    expect(page.page).to_have_url(re.compile(f"stock.*run={ids[1]}"))


def test_further_seeds_are_trained_and_counted_while_one_looks(visit):
    page = visit("rnn?rnn_step=Learning&rnn_task=adding&rnn_epochs=3&rnn_steps=5")
    ids = []
    for units in (3, 5):
        page.fill("rnn_units", units)
        page.press("rnn_train")
        ids.append(finished_run(page, "rnn", ids))
    page.open(f"compare?runs={','.join(ids)}")
    page.sees("one seed: no test")
    page.press("compare_seeds")
    page.sees("3 seeds", seconds=120)
    expect(page.page.get_by_text("one seed: no test")).to_have_count(0)


def test_runs_of_another_owner_are_not_compared(visit):
    page = visit(f"compare?runs={'a' * 32},{'b' * 32}")
    page.sees("are not yours or were deleted")
    page.page.get_by_role("link", name="Choose other runs").click()
    expect(page.page).to_have_url(re.compile("/runs"))
