"""The emoji page: its editor, its files, and every tab at every width."""

from playwright.sync_api import expect

from tests.driver.browser.emoji import tab

SENTENCE = "the train leaves at nine"


def test_a_sentence_written_into_the_editor_is_taught(visit):
    page = visit("emoji")
    editor = page.keyed("emoji_teach")
    editor.scroll_into_view_if_needed()
    grid = editor.locator(".dvn-scroller")
    written = page.page.locator("#portal textarea")
    grid.click(position={"x": 200, "y": 52})  # a new row, open for writing
    written.fill("ho hum")
    page.page.keyboard.press("Enter")
    expect(written).to_have_count(0)
    grid.click(position={"x": 900, "y": 52})
    page.page.keyboard.press("Enter")
    choice = page.page.locator("#portal").get_by_role("combobox")
    choice.press_sequentially("sad")
    expect(page.page.get_by_role("option")).to_have_count(1)
    choice.press("Enter")
    page.sees("Plus 1 that you taught")
    page.page.get_by_role("link", name="Runs").first.click()
    page.sees("No runs yet")
    page.page.get_by_role("link", name="Emoji").first.click()
    page.sees("Plus 1 that you taught")


def test_every_tab_fits_every_screen_and_asks_no_other_host(visit):
    for width in (1280, 390):
        page = visit("emoji", width)
        for name in ("Teach it", "Many at once", "Judgement", "How it works"):
            tab(page, name)
            page.page.wait_for_load_state("networkidle")
            page.fits(width)
        page.assert_quiet()
