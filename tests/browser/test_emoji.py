"""The emoji page, as a person goes through it."""

from playwright.sync_api import expect

from tests.pages.test_emoji_page import LUNCH

SENTENCE = "the train leaves at nine"


def type_in(page, text):
    """Type without pressing Enter: the answer must come by itself."""
    page.keyed("emoji_text").locator("input").fill(text)


def short(page, **settings):
    for name, value in {"epochs": 3, "units": 8, **settings}.items():
        page.fill(f"emoji_{name}", value)


def tab(page, name):
    page.page.get_by_role("tab", name=name).click()
    page.settle()


def choose_file(page, key, path):
    page.keyed(key).locator("input[type=file]").set_input_files(path)


def download(page, key):
    with page.page.expect_download() as waiting:
        page.press(key)
    return waiting.value.path().read_text()


def test_the_answer_changes_as_one_types(visit):
    page = visit("emoji")
    heading = page.page.get_by_role("heading", level=2)
    type_in(page, "I am so hungry, where is the pizza")
    expect(heading.get_by_text("Food")).to_be_visible()
    type_in(page, "let's play baseball")
    expect(heading.get_by_text("Ball")).to_be_visible()
    drawn = page.page.get_by_role("img", name="ball", exact=True)
    expect(drawn).to_be_visible()
    type_in(page, "")
    expect(heading.get_by_text("No sentence")).to_be_visible()


def test_teaching_flips_answers_and_undo_brings_the_old_ones_back(visit, tmp_path):
    page = visit("emoji")
    type_in(page, SENTENCE)
    page.sees("train · leaves")
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
