"""The emoji page in a browser."""


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
