"""The price page: every tab at every width, and what its controls do to each other."""

from playwright.sync_api import expect

from tests.browser.conftest import ROOT


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


def test_every_tab_of_the_price_page_fits_a_phone_and_asks_nobody_outside(visit):
    for width in (1280, 390):
        page = visit("stock", width)
        for name in ("Result", "Judgement", "Recipes", "Take away", "How it works"):
            page.page.get_by_role("tab", name=name).click()
            page.settle()
            page.page.wait_for_load_state("networkidle")
            page.fits(width)
        page.assert_quiet()


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


def test_home_and_runs_ask_no_other_host_and_fit_every_screen(visit):
    for width in (1280, 390):
        page = visit("", width, "dark")
        for path in ("", "runs"):
            page.open(path)
            page.page.wait_for_load_state("networkidle")
            page.fits(width)
        page.assert_quiet()
