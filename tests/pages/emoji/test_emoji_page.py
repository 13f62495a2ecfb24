"""The emoji page, driven by its widgets' keys, over a real store and cluster."""

import re

import pytest

from core.emoji import Config
from core.emoji.labels import LABELS
from tests.driver.pages.app import open_page, text_of, train_to_the_end, words
from tests.driver.pages.emoji import (
    SMALL,
    TAUGHT,
    again,
    many,
    rows_of,
    small,
    teach,
    type_in,
    with_lunch,
)

ODD_TEXTS = [
    "“don't” 100% @bob #happy <3 ❤️😄 https://example.com/a?b=c",
    "我爱你",
    "asdfghjkl",
    "",
    " \t\n",
    "I am so happy " * 715,
    "a" * 10_000,
    "=1+1 <script>alert(1)</script>",
    "![x](y) :red[a] `b` $x$ **c** [d](e) --- # f",
    "\u202eright to left \u0000 \ufffd \U0001f9d1\u200d\U0001f680",
]


@pytest.fixture
def emoji():
    return open_page("emoji")


@pytest.fixture(scope="module")
def box():
    """One page that answers many sentences."""
    return open_page("emoji")


def test_it_opens_with_an_answer_of_a_model_that_says_what_it_is(emoji):
    assert emoji.text_input(key="emoji_text").value
    assert "Example" in text_of(emoji)
    assert any(each.value.startswith("## ") for each in emoji.markdown)
    assert re.search(r"right for \*\*9\d%\*\* of the \d+ test", text_of(emoji))


@pytest.mark.parametrize(
    ("text", "name", "emoji"),
    [
        ("I am so hungry, where is my pizza", "Food", "🍴"),
        ("I love you with all my heart", "Heart", "❤️"),
        ("let's play baseball", "Ball", "⚾"),
    ],
)
def test_the_answer_follows_what_is_typed(box, text, name, emoji):
    type_in(box, text)
    assert f"## {name}" in words(box)
    assert emoji in words(box)


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_every_text_gets_an_answer_or_a_plain_message(box, text):
    type_in(box, text)
    said = words(box)
    if text.strip():
        names = (label.name.capitalize() for label in LABELS)
        answers = [*names, "None of these", "I read English only"]
        assert any(answer in said for answer in answers)
    else:
        assert "No sentence" in said
        assert "Type a sentence" in said


EXPLAINED = {  # view -> key of its figure, or a column of its table
    "Words": "emoji_importance",
    "Word by word": "emoji_after",
    "Neighbours": "Training sentence",
    "Word order": "Shuffled",
}


@pytest.mark.parametrize("view", EXPLAINED)
@pytest.mark.parametrize("text", ["", "I love you with all my heart <b>$x$</b> 😄"])
def test_every_explanation_holds_whatever_is_typed(box, view, text):
    box.segmented_control(key="emoji_why").set_value(view)
    type_in(box, text)
    assert ("Type a sentence first" in words(box)) == (not text)
    drawn = {each.proto.id.rpartition("-")[2] for each in box.get("plotly_chart")}
    drawn |= {name for table in box.dataframe for name in table.value.columns}
    assert drawn & {*EXPLAINED.values()} == ({EXPLAINED[view]} if text else set())


def test_unknown_words_are_marked(emoji):
    type_in(emoji, "qzxvkw is great")
    read = next(c.value for c in emoji.caption if "→" in c.value)
    assert ":orange-background[qzxvkw]" in read


def test_a_suggestion_is_put_into_the_box(emoji):
    emoji.pills(key="emoji_suggestion").set_value("she stole my heart").run()
    assert emoji.text_input(key="emoji_text").value == "she stole my heart"
    assert emoji.pills(key="emoji_suggestion").value is None


def test_the_map_has_a_mark_a_sentence_and_not_one_a_stroke(emoji):
    for text in ("I am", "I am so h", "I am so hungry", "we lost"):
        type_in(emoji, text)
    typed = emoji.session_state["emoji_asked"]
    assert typed[-2:] == ["I am so hungry", "we lost"]
    assert "I am" not in typed


def test_one_click_corrects_an_answer_and_the_next_takes_it_back(emoji):
    teach(emoji, TAUGHT, "sad")
    assert rows_of(emoji) == [(TAUGHT, "sad")]
    teach(emoji, TAUGHT, "ball")
    assert rows_of(emoji) == [(TAUGHT, "ball")]
    emoji.pills(key="emoji_correct").set_value(None).run()
    assert rows_of(emoji) == []


def test_the_editors_rows_are_taught_and_half_a_row_is_not(emoji):
    emoji.session_state["emoji_teach"] = {
        "edited_rows": {},
        "added_rows": [{"sentence": "ho hum", "emoji": "sad"}, {"sentence": "half"}],
        "deleted_rows": [],
    }
    emoji.run()
    assert "Plus 1 that you taught" in text_of(emoji)
    assert "1 without a sentence or an emoji" in text_of(emoji)


def test_taught_sentences_outlive_a_visit_to_another_page(emoji):
    teach(emoji, TAUGHT, "sad")
    emoji.switch_page("pages/home.py").run()
    emoji.switch_page("pages/emoji.py").run()
    assert rows_of(emoji) == [(TAUGHT, "sad")]
    assert emoji.text_input(key="emoji_text").value == TAUGHT


def test_taught_sentences_are_loaded_from_a_file(emoji):
    teach(emoji, TAUGHT, "sad")
    content = b"text,label\nho hum,sad\n'=odd,\xe2\x9a\xbe\n"
    emoji.file_uploader(key="emoji_teach_upload").upload("mine.csv", content).run()
    assert not emoji.exception
    assert rows_of(emoji) == [(TAUGHT, "sad"), ("ho hum", "sad"), ("=odd", "ball")]
    emoji.button(key="emoji_teach_forget").click().run()
    assert rows_of(emoji) == []


def test_teaching_ends_with_the_flipped_answers_and_a_way_back(emoji):
    before = words(type_in(emoji, TAUGHT))
    teach(emoji, TAUGHT, "heart")
    run = train_to_the_end(small(with_lunch(emoji), taught=20), "emoji_retrain")
    assert run.status == "done"
    assert run.summary["taught"] == 1
    assert "answers changed" in words(emoji)
    assert "We cannot yet say how many answers" in words(emoji)  # the noise
    flips = next(t.value for t in emoji.dataframe if "Before" in t.value)
    assert "Test" in set(flips["From"])
    assert "Became wrong" in set(flips["Verdict"])
    emoji.button(key="emoji_undo").click().run()
    assert "Example" in text_of(emoji)
    assert "run" not in emoji.query_params
    assert rows_of(emoji) == [(TAUGHT, "heart")]
    headline = next(line for line in before.splitlines() if line.startswith("## "))
    assert headline in words(emoji)


def test_a_model_trained_on_a_file_answers_and_is_there_after_a_refresh(emoji):
    teach(emoji, TAUGHT, "heart")
    run = train_to_the_end(with_lunch(emoji, "best"), "emoji_train")
    assert (run.status, run.title) == ("done", "my lunch + 1 taught")
    assert run.summary["rows"] == 41
    assert "your model" in words(emoji)
    emoji.segmented_control(key="emoji_voice").set_value("Shipped model").run()
    assert "built-in model" in words(emoji)

    fresh = again(emoji, run)
    assert rows_of(fresh) == [(TAUGHT, "heart")]
    assert fresh.number_input(key="emoji_units").value == SMALL["units"]
    assert fresh.segmented_control(key="emoji_source").value == "Upload"
    assert "40 sentences" in text_of(fresh)
    assert "Finished" in text_of(fresh)
    teach(fresh, "ho hum", "sad")
    fresh.run()
    assert rows_of(fresh) == [(TAUGHT, "heart"), ("ho hum", "sad")]

    fresh.switch_page("pages/runs.py").run()
    assert "my lunch" in words(fresh)
    fresh.button(key=f"runs_open_{run.id}").click().run()
    assert fresh.title[0].value == "Emoji"
    assert fresh.query_params["run"] == run.id


@pytest.mark.parametrize("model", ["best", "v2", "v1"])
def test_a_preset_brings_its_own_settings(emoji, model):
    emoji.number_input(key="emoji_units").set_value(7).run()
    if model == "best":  # it is chosen already: another one first
        emoji.segmented_control(key="emoji_model").set_value("v1").run()
    emoji.segmented_control(key="emoji_model").set_value(model).run()
    wanted = Config.preset(model)
    for name in ("epochs", "units", "dropout", "learning_rate", "batch", "seed"):
        assert emoji.number_input(key=f"emoji_{name}").value == getattr(wanted, name)


def test_choosing_two_softmaxes_shows_an_explanation(emoji):
    emoji.segmented_control(key="emoji_softmax").set_value("twice").run()
    assert "can exceed 40%" in words(emoji)


def test_settings_that_do_not_fit_together_are_refused_in_a_sentence(emoji):
    for name, value in {"units": 256, "batch": 256, "layers": 3}.items():
        emoji.number_input(key=f"emoji_{name}").set_value(value)
    emoji.run()
    assert "expected at most 200,000" in emoji.error[0].value
    assert emoji.button(key="emoji_train").disabled


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "not text"),
        (b"text,label\nhello,sad\n", "found 1"),
    ],
    ids=["picture", "few"],
)
def test_a_bad_training_file_gets_a_clear_sentence(emoji, content, says):
    emoji.segmented_control(key="emoji_source").set_value("Upload").run()
    emoji.file_uploader(key="emoji_train_upload").upload("a.csv", content).run()
    assert not emoji.exception
    assert says in emoji.error[0].value.replace("\\", "")
    assert emoji.button(key="emoji_train").disabled


def test_own_vectors_are_asked_for_and_taken(emoji):
    emoji.segmented_control(key="emoji_vectors").set_value("own").run()
    assert emoji.button(key="emoji_train").disabled
    table = "\n".join(f"{w} " + "0.5 -1 " * 5 for w in ("pizza", "happy", "not"))
    box = emoji.file_uploader(key="emoji_vectors_upload")
    box.upload("tiny.txt", table.encode()).run()
    assert "3 words in 10 dimensions" in text_of(emoji)
    assert not emoji.button(key="emoji_train").disabled


def test_many_sentences_are_answered_and_their_labels_counted(emoji):
    many(emoji, "text,label\nI am so hungry,4\nI love you,🍴\nwho knows,\n".encode())
    assert "50.0% correct of 2 labelled sentences" in words(emoji).replace("*", "")
    table = next(t.value for t in emoji.dataframe if "Confidence" in t.value)
    assert list(table["Sentence"]) == ["I am so hungry", "I love you", "who knows"]
    assert emoji.text_area(key="emoji_paste").disabled


def test_the_judgement_of_the_shipped_model_is_there_beside_v1(emoji):
    emoji.session_state["emoji_tabs"] = "Judgement"
    emoji.run()
    assert not emoji.exception
    figures = emoji.table[0].value
    assert list(figures.columns)[-2:] == ["This model", "v1"]
    assert len(emoji.get("plotly_chart")) >= 6
    assert "should never be" in words(emoji)
    assert "Doubtful labels" in words(emoji)


def test_how_it_works_shows_the_code_that_answers(emoji):
    emoji.session_state["emoji_tabs"] = "How it works"
    emoji.run()
    shown = "\n".join(block.value for block in emoji.code)
    for name in ("def tokenize(", "def _lstm", "def mean_probability", "class Network"):
        assert name in shown
    assert "0.405" in words(emoji)
