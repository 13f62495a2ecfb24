"""The last station: what a longer sequence costs, and what came after RNNs."""

import json

import pytest

from tests.driver.pages.app import open_page, text_of


@pytest.fixture
def became():
    return open_page("became")


def test_twice_the_length_doubles_the_memory_of_attention_only(became):
    became.select_slider(key="became_length").set_value(4096).run()
    assert not became.exception
    table = became.table[0].value
    rows = {row["Layer"]: list(row)[1:] for _, row in table.iterrows()}
    assert rows["LSTM"] == ["128", "128"]
    assert rows["Attention"] == ["524,288", "1.05 million"]
    assert became.query_params["became_length"] == "4096"
    bars, *_ = json.loads(became.get("plotly_chart")[0].proto.spec)["data"]
    assert bars["y"] == [
        "LSTM, an RNN of 1997",
        "minGRU, an RNN of 2024",
        "Attention, in chatbots",
    ]
    assert bars["x"] == [128, 64, 524_288]


def test_the_question_comes_with_another_length_and_a_wrong_answer_is_explained(became):
    assert "Question" not in text_of(became)
    became.select_slider(key="became_length").set_value(2048).run()
    question = became.button_group(key="became_ask")
    question.set_value("The state of an LSTM").run()
    assert "Not quite" in text_of(became)
    became.button_group(key="became_ask").set_value("What attention has to keep").run()
    assert "Correct" in text_of(became)
