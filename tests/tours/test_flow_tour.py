"""A server that is killed while somebody watches a training."""

from playwright.sync_api import expect

from tests.browser.test_flow import begin_long_training
from tests.conftest import wait_until


def test_a_run_goes_on_when_the_server_is_killed_and_a_link_leads_into_the_new_one(
    visit_own, own_dashboard
):
    page = visit_own("stock")
    begin_long_training(page, seed=102)
    before = page.epoch()
    own_dashboard.kill()
    own_dashboard.start()
    page.page.reload()  # the first visit of the new server is not to its home page
    page.settle()
    wait_until(lambda: page.epoch() > before, what="an epoch after the restart")
    expect(page.page).to_have_title("Unrolled")
    page.press("stock_stop")
    page.sees("Stopped")
    page.choose("stock_source", "Upload")
    page.sees("One row a day")
    expect(page.keyed("stock_recipe").get_by_role("radio").last).to_be_checked()
    page.page.get_by_role("link", name="Runs").first.click()
    page.sees("Stopped")


def test_a_page_whose_server_was_killed_has_itself_drawn_anew_and_takes_the_next_click(
    visit_own, own_dashboard
):
    page = visit_own("stock")
    begin_long_training(page, seed=103)
    part = page.page.locator(".live").first
    before = part.get_attribute("data-process")
    own_dashboard.kill()
    own_dashboard.start()
    expect(part).not_to_have_attribute("data-process", before, timeout=60_000)
    page.settle()
    page.press("stock_stop")
    page.sees("Stopped")
