"""The emoji page: its editor, its files, and every tab at every width."""

import psutil
from playwright.sync_api import expect

from tests.browser.test_emoji import short, tab
from tests.conftest import wait_until

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


def test_the_web_process_never_loads_tensorflow_and_nothing_leaves_the_machine(
    visit, dashboard
):
    for width in (1280, 390):
        page = visit("emoji", width)
        for name in ("Teach it", "Many at once", "Judgement", "How it works"):
            tab(page, name)
            page.page.wait_for_load_state("networkidle")
            page.fits(width)
        page.assert_quiet()
    short(page, epochs=500, patience=0, seed=109)
    page.press("emoji_train")
    wait_until(lambda: page.epoch() > 1, what="training")
    maps = [m.path for m in psutil.Process(dashboard.pid).memory_maps()]
    assert any("glove" in path for path in maps)
    assert not [path for path in maps if "tensorflow" in path]
    page.press("emoji_stop")
    page.sees("Stopped")
