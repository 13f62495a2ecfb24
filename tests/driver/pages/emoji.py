"""The emoji page in an AppTest."""

from core.emoji.labels import LABELS
from tests.driver.pages.app import open_page

SMALL = {"epochs": 2, "units": 4}


LUNCH = "text,label\n" + "".join(
    f"{n} times pizza,4\n{n} times football,1\n" for n in range(20)
)


TAUGHT = "the train leaves at nine"


def type_in(page, text):
    page.text_input(key="emoji_text").set_value(text).run()
    assert not page.exception
    return page


def teach(page, text, name):
    type_in(page, text)
    place = [label.name for label in LABELS].index(name)
    page.pills(key="emoji_correct").set_value(place).run()
    assert not page.exception
    return page


def rows_of(page):
    table = page.data_editor(key="emoji_teach").value
    return list(zip(table["sentence"], table["emoji"], strict=True))


def small(page, **others):
    for name, value in {**SMALL, **others}.items():
        page.number_input(key=f"emoji_{name}").set_value(value)
    return page.run()


def with_lunch(page, model="v1"):
    """Choose a small file to train on; "v1" has no recurrent layer to compile."""
    page.segmented_control(key="emoji_model").set_value(model)
    page.segmented_control(key="emoji_source").set_value("Upload").run()
    box = page.file_uploader(key="emoji_train_upload")
    box.upload("my lunch.csv", LUNCH.encode()).run()
    return small(page)


def again(page, run):
    """The same browser after a refresh: a new session with the run in its address."""
    return open_page("emoji", page.session_state["owner"], run=run.id)


def many(page, content):
    page.session_state["emoji_tabs"] = "Many at once"
    page.file_uploader(key="emoji_upload").upload("many.csv", content).run()
    assert not page.exception
    return page
