"""The emoji page: its editor, its files, and every tab at every width."""

import csv
import io

import psutil
from playwright.sync_api import expect

from tests.browser.test_emoji import choose_file, download, short, tab, type_in
from tests.conftest import wait_until
from tests.pages.emoji.test_emoji_page import LUNCH

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


def test_taught_sentences_go_out_and_come_back_as_a_file(visit, tmp_path):
    page = visit("emoji")
    mine = tmp_path / "mine.csv"
    mine.write_text("text,label\nho hum,sad\n'=odd,4\n")
    choose_file(page, "emoji_teach_upload", mine)
    page.sees("Plus 2 that you taught")
    written = download(page, "emoji_teach_download")
    assert written == "text,label\nho hum,sad\n'=odd,food\n"
    page.press("emoji_teach_forget")
    expect(page.page.get_by_text("that you taught")).to_have_count(0)
    again = tmp_path / "again.csv"
    again.write_text(written)
    choose_file(page, "emoji_teach_upload", again)
    page.sees("Plus 2 that you taught")


def test_many_sentences_go_in_and_their_answers_come_out_and_in_again(visit, tmp_path):
    page = visit("emoji")
    tab(page, "Many at once")
    asked = tmp_path / "asked.csv"
    asked.write_text('text\nI am so hungry\n\'@bob I love you\n"well, we lost"\n')
    choose_file(page, "emoji_upload", asked)
    expect(page.keyed("emoji_paste").locator("textarea")).to_be_disabled()
    wait_until(lambda: "bob" in download(page, "emoji_download"), what="the answers")
    written = download(page, "emoji_download")
    rows = list(csv.DictReader(io.StringIO(written)))
    assert [row["text"] for row in rows] == [
        "I am so hungry",
        "'@bob I love you",
        "well, we lost",
    ]
    assert rows[0]["emoji"] == "🍴"
    answers = tmp_path / "answers.csv"
    answers.write_text(written)
    choose_file(page, "emoji_upload", answers)
    page.sees(r"100\.0% correct")


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


def test_teaching_flips_answers_and_undo_brings_the_old_ones_back(visit, tmp_path):
    page = visit("emoji")
    type_in(page, SENTENCE)
    page.sees("train · leaves")
    page.settle()
    before = page.page.get_by_role("heading", level=2).first.inner_text()
    page.choose("emoji_correct", "food")
    page.sees("Taught as food")
    lunch = tmp_path / "lunch.csv"  # a few sentences, which are learned in a second
    lunch.write_text(LUNCH)
    page.choose("emoji_source", "Upload")
    choose_file(page, "emoji_train_upload", lunch)
    page.sees("40 sentences")
    short(page, taught=20)
    page.press("emoji_retrain")
    page.sees("Finished", seconds=120)
    page.sees(r"\d+ answers? changed")
    page.page.reload()
    page.settle()
    page.sees("Plus 1 that you taught")
    page.sees(r"\d+ answers? changed")
    page.press("emoji_undo")
    page.sees("The bundled model")
    type_in(page, SENTENCE)
    page.sees("train · leaves")
    heading = page.page.get_by_role("heading", level=2).first
    expect(heading).to_have_text(before)
    page.assert_quiet()
