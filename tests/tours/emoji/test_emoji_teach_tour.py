"""Teaching five sentences in a browser: learned, forgotten, and undone."""

import time

from playwright.sync_api import expect

from tests.driver.browser.emoji import choose_file, type_in
from tests.driver.pages.emoji_teach import wrong

LIMIT = 5.0  # seconds from the click to the new answer, on a worker that is warm
BUSY = 6.0  # times slower, at worst, beside the other tests of a loaded machine


def heading(page):
    return page.page.get_by_role("heading", level=2).first


def test_five_sentences_are_learned_in_seconds_and_undone(visit, tmp_path):
    page = visit("emoji")
    five = wrong()
    content = "text,label\n" + "".join(f'"{r["text"]}",{r["label"]}\n' for r in five)
    mine = tmp_path / "five.csv"
    mine.write_text(content)
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b,c\n1,2,3\n")
    choose_file(page, "emoji_teach_upload", bad)  # far below the place of errors
    expect(page.keyed("flash")).to_contain_text("expected a label")
    expect(page.keyed("flash")).to_be_in_viewport()
    choose_file(page, "emoji_teach_upload", mine)
    page.sees("Plus 5 that you taught")
    type_in(page, five[0]["text"])
    page.sees("Noted as")  # it is the new sentence that the page answers now
    before = heading(page).inner_text()
    began = time.monotonic()
    page.press("emoji_learn_now")
    expect(heading(page)).not_to_have_text(before)
    assert time.monotonic() - began < LIMIT * BUSY
    page.sees("[45] of 5 learned")
    page.sees("taught, and right now")
    page.sees(r"\d+ are forgotten")
    page.assert_quiet()
    page.press("emoji_undo")
    page.sees("The built-in model")
    expect(heading(page)).to_have_text(before)
    expect(page.page.get_by_text("taught, and right now")).to_have_count(0)
    page.sees("Plus 5 that you taught")
    page.assert_quiet()
