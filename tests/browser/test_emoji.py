"""The emoji page, as a person goes through it."""

from playwright.sync_api import expect


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
    page.settle()  # a button that is drawn anew has another file
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
