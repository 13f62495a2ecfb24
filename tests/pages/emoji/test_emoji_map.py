"""The map of sentences on the emoji page: what it is given to draw."""

import json

import pytest

from pages.ui.emoji.sentence_map import MOST_TYPED, UNITS
from pages.ui.session import platform
from tests.driver.pages.app import open_page, train_to_the_end, words
from tests.driver.pages.emoji import again, small, type_in, with_lunch


@pytest.fixture
def emoji():
    page = open_page("emoji")
    page.segmented_control(key="emoji_why").set_value("Map").run()
    assert not page.exception
    return page


def drawn(page):
    """What the component draws."""
    (found,) = (
        part.proto.json
        for part in page.get("bidi_component")
        if "emoji_map" in part.proto.id
    )
    return json.loads(found)


def test_the_shipped_models_map_has_one_frame_of_all_classes(emoji):
    data = drawn(emoji)
    (frame,) = data["frames"]
    assert frame["epoch"] is None
    assert len(frame["places"]) == 2 * len(data["texts"]) == 480
    assert max(map(abs, frame["places"])) == UNITS
    assert [each["count"] for each in data["labels"]] == [40] * 6
    assert len({each["shape"] for each in data["labels"]}) == 6
    assert "Train a model to follow" in words(emoji)


def test_typed_sentences_are_marked_newest_first(emoji):
    for text in ("I am so hungry", "we lost the final", "qzxvkw"):
        type_in(emoji, text)
    typed = drawn(emoji)["typed"]
    assert [each["text"] for each in typed][:3] == [
        "qzxvkw",
        "we lost the final",
        "I am so hungry",
    ]
    assert typed[2]["answer"] == 4
    assert typed[2]["confidence"] > 90
    for number in range(MOST_TYPED + 3):
        type_in(emoji, f"{number} goals for us")
    assert len(drawn(emoji)["typed"]) == MOST_TYPED
    type_in(emoji, "   ")
    assert drawn(emoji)["typed"][0]["text"] == f"{MOST_TYPED + 2} goals for us"


def test_a_trained_models_map_follows_its_epochs(emoji):
    run = train_to_the_end(
        small(with_lunch(emoji), epochs=4, patience=0), "emoji_train"
    )
    data = drawn(emoji)
    assert [frame["epoch"] for frame in data["frames"]] == [1, 2, 3, 4, None]
    assert len(data["texts"]) == 40
    assert all(len(frame["places"]) == 80 for frame in data["frames"])
    assert all(0 < frame["variance"] <= 1 for frame in data["frames"])
    held = platform().store.snapshots(emoji.session_state["owner"], run.id)
    assert sum(map(len, held.values())) < 20_000
    fresh = again(emoji, run)
    fresh.segmented_control(key="emoji_why").set_value("Map").run()
    assert drawn(fresh)["frames"] == data["frames"]
    fresh.segmented_control(key="emoji_voice").set_value("Shipped model").run()
    assert len(drawn(fresh)["frames"]) == 1
