"""Own classes on the emoji page: written, refused, trained, and nothing lost."""

import pytest

from tests.driver.pages.app import open_page, train_to_the_end, words

SUBJECTS = ["dog", "man", "aunt", "boss", "child", "friend", "cook", "band"]
SPORT = "\n".join(f"the {subject} kicked the ball" for subject in SUBJECTS)
SOUP = "\n".join(f"the {subject} ate hot soup" for subject in SUBJECTS)


@pytest.fixture
def page():
    page = open_page("emoji")
    assert "Another emoji? Choose *Own classes*" in words(page)
    page.segmented_control(key="emoji_source").set_value("Own classes").run()
    assert not page.exception
    assert "Another emoji?" not in words(page)
    return page


def boxes(page):
    """What the boxes hold, in their order."""
    keys = [
        box.key for box in page.text_input if box.key.startswith("emoji_class_name_")
    ]
    numbers = [key.rpartition("_")[2] for key in keys]
    return [
        (
            page.text_input(key=f"emoji_class_name_{number}").value,
            page.text_area(key=f"emoji_class_sentences_{number}").value,
        )
        for number in numbers
    ]


def write(page, *texts):
    for number, (name, text) in enumerate(texts):
        page.text_input(key=f"emoji_class_name_{number}").set_value(name)
        page.text_area(key=f"emoji_class_sentences_{number}").set_value(text)
    page.run()
    assert not page.exception
    return page


def test_two_classes_are_written_and_trained_and_answer(page):
    assert page.button(key="emoji_train").disabled
    assert "Write 8 sentences or more for each of your emojis" in words(page)
    write(page, ("⚽ sport", SPORT), ("soup", SOUP.rpartition("\n")[0]))
    assert "got 7 of soup" in words(page)
    assert page.button(key="emoji_train").disabled
    write(page, ("⚽ sport", SPORT), ("soup", SOUP))
    assert page.segmented_control(key="emoji_model").value == "small"
    run = train_to_the_end(page, "emoji_train")
    assert run.summary["classes"] == 2
    said = words(page)
    assert "Of 16 sentences, 16 get their class" in said
    assert "Every class has only 8 sentences" in said
    page.text_input(key="emoji_text").set_value("a bowl of soup").run()
    assert not page.exception
    assert "Soup" in words(page)
    choices = page.pills(key="emoji_correct").proto.options
    assert [(each.content_icon, each.content) for each in choices] == [
        ("⚽", "sport"),
        ("", "soup"),
    ]
    assert [name for name, _ in boxes(page)] == ["⚽ sport", "soup"]


def test_a_model_that_can_never_be_sure_says_how_few_sentences_it_has(page):
    names = ["cat", "sea", "hat", "sun", "tin", "pen", "cow", "ice"]
    write(page, ("one", "\n".join(SUBJECTS)), ("other", "\n".join(names)))
    train_to_the_end(page, "emoji_train")
    page.text_input(key="emoji_text").set_value("the hat of a man").run()
    assert not page.exception
    assert "No answer can be sure with 8 sentences a class." in words(page)
    assert "Not sure" not in words(page)


def test_a_starter_set_fills_the_boxes_and_the_old_ones_come_back(page):
    write(page, ("⚽ sport", SPORT), ("soup", SOUP))
    page.selectbox(key="emoji_class_starter").set_value("weather").run()
    assert not page.exception
    assert [name for name, _ in boxes(page)][1] == "🌧️ rain"
    assert "240 sentences of 4 classes" in words(page)
    page.button(key="emoji_class_undo").click().run()
    assert boxes(page) == [("⚽ sport", SPORT), ("soup", SOUP)]


def test_pasted_lines_and_files_are_added_to_the_boxes(page):
    write(page, ("⚽ sport", SPORT), ("", ""))
    lines = "\n".join(f"soup\t{line}" for line in SOUP.splitlines())
    page.text_area(key="emoji_class_paste").set_value("soup it is")
    page.button(key="emoji_class_paste_add").click().run()
    assert "Line 1: expected a label, a tab and a sentence" in words(page)
    page.text_area(key="emoji_class_paste").set_value(lines)
    page.button(key="emoji_class_paste_add").click().run()
    assert boxes(page) == [("⚽ sport", SPORT), ("soup", SOUP)]
    file = "text,label\n" + "".join(f"{s} sang,🎵\n" for s in SUBJECTS)
    upload = page.file_uploader(key="emoji_class_upload")
    upload.upload("songs.csv", (file + "one more goal,Sport\n").encode()).run()
    assert not page.exception
    assert [name for name, _ in boxes(page)] == ["⚽ sport", "soup", "🎵"]
    assert boxes(page)[0][1] == f"{SPORT}\none more goal"


def test_sentences_are_not_added_beside_a_name_that_is_too_long(page):
    write(page, ("x" * 25, SPORT), ("", SOUP))
    page.text_area(key="emoji_class_paste").set_value("soup\tall gone")
    page.button(key="emoji_class_paste_add").click().run()
    assert not page.exception
    assert "Class 1: expected a class of 1 to 24 characters" in words(page)
    assert boxes(page) == [("x" * 25, SPORT), ("", SOUP)]
    write(page, ("sport", SPORT), ("", SOUP))
    page.button(key="emoji_class_paste_add").click().run()
    assert boxes(page) == [("sport", SPORT), ("soup", "all gone"), ("", SOUP)]


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (("", SOUP), "Class 2: expected a class of 1 to 24 characters"),
        (("sport", SOUP), "got only ⚽ sport"),
        (("soup", SPORT), "in ⚽ sport and in soup"),
    ],
)
def test_unusable_own_classes_are_reported_and_stay_in_their_boxes(page, second, said):
    write(page, ("⚽ sport", SPORT), second)
    assert said in words(page)
    assert page.button(key="emoji_train").disabled
    assert boxes(page) == [("⚽ sport", SPORT), second]


def test_classes_are_added_up_to_twelve_and_removed(page):
    for _ in range(10):
        page.button(key="emoji_class_add").click().run()
    assert len(boxes(page)) == 12
    assert page.button(key="emoji_class_add").disabled
    write(page, ("a", SPORT), ("b", SOUP))
    page.button(key="emoji_class_remove_0").click().run()
    assert boxes(page)[0] == ("b", SOUP)
    page.button(key="emoji_class_undo").click().run()
    assert boxes(page)[0] == ("a", SPORT)
