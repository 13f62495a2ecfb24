"""A server that is killed during a training, and what the result gives."""

import zipfile

from playwright.sync_api import expect

from tests.conftest import wait_until
from tests.driver.browser.flow import begin_long_training
from tests.driver.tours.flow import download, table


def test_a_run_goes_on_when_the_server_is_killed_and_a_link_leads_into_the_new_one(
    visit_own, own_dashboard
):
    page = visit_own()
    begin_long_training(page, seed=102)
    before = page.epoch()
    own_dashboard.kill()
    own_dashboard.start()
    page.page.reload()  # the first visit of the new server is not to its home page
    page.settle()
    wait_until(lambda: page.epoch() > before, what="an epoch after the restart")
    expect(page.page).to_have_title("Unrolled")
    page.press("rnn_stop")
    page.sees("Stopped")
    expect(page.keyed("rnn_epochs").locator("input")).to_have_value("500")
    page.page.get_by_role("link", name="Runs").first.click()
    page.sees("Stopped")


def test_a_page_whose_server_was_killed_has_itself_drawn_anew_and_takes_the_next_click(
    visit_own, own_dashboard
):
    page = visit_own()
    begin_long_training(page, seed=103)
    part = page.page.locator(".live").first
    before = part.get_attribute("data-process")
    own_dashboard.kill()
    own_dashboard.start()
    expect(part).not_to_have_attribute("data-process", before, timeout=60_000)
    page.settle()
    page.press("rnn_stop")
    page.sees("Stopped")


def test_a_training_ends_with_a_result_to_look_at_and_to_take_away(visit):
    short = {"epochs": 1, "seeds": 1, "folds": 1, "units": 4, "window": 32}
    page = visit("stock?" + "&".join(f"stock_{key}={n}" for key, n in short.items()))
    page.press("stock_train")
    page.sees("Finished", seconds=120)
    page.sees("tomorrow's price")
    page.sees("Price: .*error")
    page.sees(r"Risk: .*error \(NLL\)")
    page.fill("stock_forecast_days", 7)
    page.page.get_by_role("tab", name="Take away").click()
    rows = table(download(page, "stock_download"))
    assert list(rows[0])[:5] == ["Date", "horizon", "actual", "predicted", "naive"]
    rows = [row for row in rows if row["horizon"] == "1"]
    assert rows[1]["naive"] == rows[0]["actual"]
    assert float(rows[0]["low_80"]) < float(rows[0]["high_80"])
    ahead = table(download(page, "stock_download_forecast"))
    assert len(ahead) == 7
    assert ahead[0]["Date"] > rows[-1]["Date"]
    with zipfile.ZipFile(download(page, "stock_download_model")) as archive:
        assert {"model.keras", "preprocessing.json", "forecast.py"} < set(
            archive.namelist()
        )
    page.page.get_by_role("tab", name="How it works").click()
    page.sees("Student-t")

    second = page.page.context.new_page()  # of the same browser: the same owner
    second.goto(f"{page.dashboard.url}/runs")
    expect(second.get_by_role("button", name="Open")).to_be_visible()
    stranger = visit("runs")
    stranger.sees("No runs yet")
