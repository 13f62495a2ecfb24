"""Teaching on the emoji page: what a lesson did, the way back, and the noise."""

import re

import pytest

from pages.ui.emoji.models import OWN
from pages.ui.live.view import view_of
from tests.driver.pages.app import (
    open_page,
    text_of,
    train_to_the_end,
    wait_for_end,
    words,
)
from tests.driver.pages.emoji import (
    TAUGHT,
    again,
    rows_of,
    small,
    teach,
    type_in,
    with_lunch,
)
from tests.driver.pages.emoji_teach import wrong
from tests.pages.answers import lines

MORE = "ho hum"


@pytest.fixture
def emoji():
    return open_page("emoji")


def headline(page):
    lines = words(page).splitlines()
    return next(line for line in lines if line.startswith("## "))


COLUMNS = ["Sentence", "Label", "Before", "After"]


def listed(page, place):
    """The sentences of one of the lists: the first is learned, the last forgotten."""
    lists = [t.value for t in page.dataframe if list(t.value.columns) == COLUMNS]
    return list(lists[place]["Sentence"])


def train_next(page, button):
    """Train where a run is shown already."""
    page.button(key=button).click().run()
    assert not page.exception
    # The page forgets who answers, but this tester sends what was drawn before that.
    page.segmented_control(key="emoji_voice").set_value(OWN)
    return wait_for_end(page)


def test_five_sentences_are_taught_and_what_that_did_is_listed(emoji, files):
    assert emoji.button(key="emoji_teach_now").disabled
    five = wrong()
    content = "text,label\n" + "".join(f'"{r["text"]}",{r["label"]}\n' for r in five)
    emoji.file_uploader(key="emoji_teach_upload").upload("five.csv", content.encode())
    emoji.run()
    saved = [row["text"] for row in files("emoji_teach_download")]
    assert saved == [row["text"] for row in five]
    run = train_to_the_end(emoji, "emoji_teach_now")
    assert run.title.endswith("5 taught in seconds")
    shown = view_of(f"run/{run.id}", emoji.session_state["owner"], {}).make()
    told = r"Epoch \d+: .+ of the taught sentences right"
    assert re.match(told, lines(shown)["taught"])
    learned = listed(emoji, 0)
    assert len(learned) >= 4
    assert set(learned) <= {row["text"] for row in five}
    assert f"{len(learned)} of 5 learned" in words(emoji).replace("*", "")
    assert "Forgotten: none." in words(emoji).replace("*", "")
    fresh = again(emoji, run)  # the model before travels with the run
    assert listed(fresh, 0) == learned
    assert len(rows_of(fresh)) == 5
    fresh.button(key="emoji_undo").click().run()
    assert "Example" in text_of(fresh)


def test_other_answers_that_become_wrong_or_right_are_listed(emoji):
    happy = "I am so happy today"
    type_in(emoji, happy)
    teach(emoji, happy, "sad")
    train_to_the_end(emoji, "emoji_teach_now")
    said = words(emoji).replace("*", "")
    assert "Mended (1)" in said
    assert "Forgotten (1)" in said
    assert listed(emoji, 0) == [happy]
    assert listed(emoji, -1) == ["the sun is out again"]


def test_one_click_below_the_answer_learns_it_and_undo_goes_back_step_by_step(emoji):
    answers = [headline(type_in(emoji, TAUGHT))]
    teach(emoji, TAUGHT, "heart")
    first = train_to_the_end(emoji, "emoji_learn_now")
    answers.append(headline(emoji))
    assert "Heart" in answers[1] != answers[0]
    assert re.search(r"taught 1 in \d+ epochs?\.", text_of(emoji))
    assert "emoji_learn_now" not in [button.key for button in emoji.button]
    teach(emoji, TAUGHT, "ball")
    second = train_next(emoji, "emoji_teach_now")
    assert "Ball" in headline(emoji)
    assert "your previous model" in words(emoji)
    fresh = again(emoji, second)  # another session knows the steps as well
    type_in(fresh, TAUGHT)
    assert "Ball" in headline(fresh)
    fresh.button(key="emoji_undo").click().run()
    assert fresh.query_params["run"] == first.id
    assert headline(fresh) == answers[1]
    fresh.button(key="emoji_undo").click().run()
    assert "run" not in fresh.query_params
    assert headline(fresh) == answers[0]


def test_a_model_of_ones_own_is_taught_and_its_noise_is_that_of_two_of_ones_runs(emoji):
    train_to_the_end(with_lunch(emoji), "emoji_train")
    own = train_next(small(emoji, seed=1), "emoji_train")
    assert own.settings["seed"] == 1
    teach(emoji, MORE, "sad")
    taught = train_next(emoji, "emoji_teach_now")
    assert taught.title == "my lunch + 1 taught in seconds"
    assert taught.settings == own.settings
    assert listed(emoji, 0) == [MORE]
    emoji.button(key="emoji_undo").click().run()
    assert emoji.query_params["run"] == own.id
    train_next(emoji, "emoji_retrain")
    assert "Measured with seeds 1 and 0, by two of your runs" in words(emoji)
