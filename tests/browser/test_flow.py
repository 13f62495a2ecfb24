"""The whole flow, as a person goes through it."""

import csv
import io
import zipfile

import psutil
from playwright.sync_api import expect

from tests.browser.conftest import ROOT
from tests.conftest import wait_until


def begin_long_training(page):
    """Start a training of a minute or more, and see its first epochs."""
    page.choose("stock_recipe", "Classic, flawed")
    for name, value in {"epochs": 1000, "units": 4, "window": 60}.items():
        page.fill(f"stock_{name}", value)
    page.press("stock_train")
    page.sees(r"Epoch [1-9]\d* of 1000")


def download(page, key):
    with page.page.expect_download() as waiting:
        page.press(key)
    return waiting.value.path()


def table(path):
    return list(csv.DictReader(io.StringIO(path.read_text())))


def test_a_person_trains_refreshes_leaves_returns_stops_and_resumes(visit):
    page = visit("stock")
    page.sees("Choose your data and press Train")
    begin_long_training(page)
    address = page.page.url
    assert "run=" in address

    before = page.epoch()
    page.page.reload()
    page.settle()
    assert page.page.url == address
    wait_until(lambda: page.epoch() > before, what="an epoch after the refresh")

    page.page.get_by_role("link", name="Home").first.click()
    page.sees("1 training")
    before_leaving = before
    page.page.get_by_role("link", name="Prices").first.click()
    wait_until(lambda: page.epoch() > before_leaving, what="an epoch after the return")
    assert page.page.url == address

    page.press("stock_stop")
    page.sees("Stopped")
    page.sees("times the error|as yesterday's price")
    expect(page.keyed("stock_forecast").locator("svg").first).to_be_visible()
    page.press("stock_resume")
    page.sees(r"Epoch \d+ of 1000")
    page.press("stock_stop")
    page.sees("Stopped")


def test_a_training_ends_with_a_result_to_look_at_and_to_take_away(visit):
    page = visit("stock")
    for name, value in {"epochs": 5, "seeds": 1, "folds": 1}.items():
        page.fill(f"stock_{name}", value)
    page.press("stock_train")
    page.sees("Finished", seconds=120)
    page.sees("Price: .*p [=<]")
    page.sees("Risk: .*p [=<]")
    page.fill("stock_forecast_days", 7)
    page.page.get_by_role("tab", name="Take away").click()
    rows = table(download(page, "stock_download"))
    assert list(rows[0])[:4] == ["Date", "actual", "predicted", "naive"]
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


def test_a_cost_is_counted_anew_beside_the_curve(visit):
    page = visit("stock")
    page.page.get_by_role("tab", name="Judgement").click()
    page.sees("at 10 basis points each")
    cost = page.keyed("stock_trading_cost").locator("input")
    cost.fill("33")
    cost.press("Enter")
    page.sees("at 33 basis points each")
    page.page.get_by_text("Hyperparameters").click()
    expect(page.keyed("stock_cost").locator("input")).to_have_value("33")


def test_open_hyperparameters_stay_open_while_data_and_recipe_change(visit):
    page = visit("stock")
    page.page.get_by_text("Hyperparameters").click()
    units = page.keyed("stock_units").locator("input")
    expect(units).to_have_value("8")
    page.choose("stock_recipe", "Classic, flawed")
    page.sees("Flawed on purpose")
    expect(units).to_have_value("25")
    expect(units).to_be_visible()
    page.choose("stock_source", "Upload")
    page.sees("One row a day")
    expect(units).to_be_visible()


def test_a_recipe_that_is_missing_is_started_beside_the_other(visit, tmp_path):
    prices = tmp_path / "mine.csv"
    lines = (ROOT / "data" / "prices" / "KO.csv").read_text().splitlines()
    prices.write_text("\n".join(lines[:1200]))
    page = visit("stock")
    page.choose("stock_source", "Upload")
    page.keyed("stock_upload").locator("input[type=file]").set_input_files(prices)
    page.sees("1,199 rows")
    for name, value in {"epochs": 3, "seeds": 1, "folds": 1}.items():
        page.fill(f"stock_{name}", value)
    page.press("stock_train")
    page.sees("Finished", seconds=120)
    page.page.get_by_role("tab", name="Recipes").click()
    page.sees("Not trained on these prices yet")
    page.press("stock_other")
    page.sees(r"Epoch \d+ of 1000")
    expect(page.keyed("stock_recipe").get_by_role("radio").last).to_be_checked()
    page.press("stock_stop")
    page.sees("Stopped")
    page.sees("It leaks")


def test_every_tab_of_the_price_page_fits_a_phone_and_asks_nobody_outside(visit):
    for width in (1280, 390):
        page = visit("stock", width)
        for name in ("Result", "Judgement", "Recipes", "Take away", "How it works"):
            page.page.get_by_role("tab", name=name).click()
            page.settle()
            page.page.wait_for_load_state("networkidle")
            wide = page.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, name
        assert page.outside == []
        assert [c for c in page.complaints if "404" not in c] == []


def test_a_picture_renamed_to_csv_is_refused_and_a_good_file_then_taken(
    visit, tmp_path
):
    picture, prices = tmp_path / "picture.csv", tmp_path / "prices.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
    prices.write_bytes((ROOT / "data" / "prices" / "KO.csv").read_bytes())
    page = visit("stock")
    page.choose("stock_source", "Upload")
    box = page.keyed("stock_upload").locator("input[type=file]")
    box.set_input_files(picture)
    page.sees("got a file that is not text")
    expect(page.keyed("stock_train").get_by_role("button").first).to_be_disabled()
    box.set_input_files(prices)
    page.sees("8,313 rows")
    expect(page.keyed("stock_train").get_by_role("button").first).to_be_enabled()


def test_a_second_tab_of_the_same_browser_sees_the_same_runs(visit):
    page = visit("stock")
    for name in ("epochs", "seeds", "folds"):
        page.fill(f"stock_{name}", 1)
    page.press("stock_train")
    page.sees("Finished")
    second = page.page.context.new_page()
    second.goto(f"{page.dashboard.url}/runs")
    expect(second.get_by_role("button", name="Open")).to_be_visible()
    stranger = visit("runs")
    stranger.sees("No runs yet")


def test_a_link_into_a_page_of_a_server_nobody_opened_yet_works_like_any_other(
    visit, dashboard
):
    dashboard.kill()
    dashboard.start()
    page = visit("stock")
    page.sees("press Train")
    expect(page.page).to_have_title("Unrolled")
    page.choose("stock_source", "Upload")
    page.sees("One row a day")
    expect(page.keyed("stock_recipe").get_by_role("radio").first).to_be_checked()
    page.page.get_by_role("link", name="Runs").first.click()
    page.sees("No runs yet")


def test_a_run_goes_on_when_the_server_is_killed_and_is_shown_after_the_restart(
    visit, dashboard
):
    page = visit("stock")
    begin_long_training(page)
    before = page.epoch()
    dashboard.kill()
    dashboard.start()
    page.page.reload()
    page.settle()
    wait_until(lambda: page.epoch() > before, what="an epoch after the restart")
    page.press("stock_stop")
    page.sees("Stopped")


def test_the_web_process_never_loads_tensorflow_while_a_run_trains(visit, dashboard):
    page = visit("stock")
    begin_long_training(page)
    maps = [m.path for m in psutil.Process(dashboard.process.pid).memory_maps()]
    assert any("libpython" in path or "python" in path for path in maps)
    assert not [path for path in maps if "tensorflow" in path]
    page.press("stock_stop")
    page.sees("Stopped")


def test_no_page_asks_another_host_or_complains_or_overflows_a_phone(visit):
    for width in (1280, 390):
        for scheme in ("light", "dark"):
            page = visit("", width, scheme)
            for path in ("", "stock", "runs"):
                page.open(path)
                page.page.wait_for_load_state("networkidle")
                wide = page.page.evaluate("document.documentElement.scrollWidth")
                assert wide <= width, path
            assert page.outside == []
            # Streamlit looks for its own server at the page's path first.
            assert [c for c in page.complaints if "404" not in c] == []
