"""What is set on a page is in its address, and the address sets it again."""

import json

import pytest

from core.lesson import adding, writing
from core.lesson.demo import CellDemo, cell_numbers
from core.stock import Config as Stock
from pages.ui.address import DRAWN
from pages.ui.session import platform
from tests.driver.pages.app import arrive, open_page, text_of
from tests.driver.pages.learning import learn

LONG = "The river runs to the sea. " * 100


def address_of(page):
    return {name: page.query_params[name] for name in page.query_params}


def numbers_of(page):
    return {box.key: box.value for box in page.number_input}


def test_a_page_with_nothing_changed_has_an_empty_address():
    for name in ("rnn", "lstm", "gru", "stock", "emoji", "music"):
        assert address_of(open_page(name)) == {}


def click_before_it_is_drawn(page, before, **values):
    """Click in a browser that has not drawn the last rerun; its address is there."""
    page.text_input(key=DRAWN).set_value(before)
    for key, value in values.items():
        page.number_input(key=key).set_value(value)
    return page.run()


def test_a_preset_outlasts_a_click_that_is_made_before_the_page_is_drawn():
    page = open_page("stock")
    before = page.text_input(key=DRAWN).value
    former = page.number_input(key="stock_units").value
    page.segmented_control(key="stock_recipe").set_value("classic").run()
    chosen = page.number_input(key="stock_units").value
    assert chosen != former
    page.number_input(key="stock_epochs").set_value(3)
    click_before_it_is_drawn(page, before, stock_units=former)
    assert page.number_input(key="stock_units").value == chosen
    assert page.number_input(key="stock_epochs").value == 3

    page.number_input(key="stock_units").set_value(former).run()
    assert page.number_input(key="stock_units").value == former


def test_a_browser_that_reconnects_has_drawn_nothing_of_its_new_session():
    drawn = open_page("stock").text_input(key=DRAWN).value
    page = open_page("stock")
    former = page.number_input(key="stock_units").value
    page.segmented_control(key="stock_recipe").set_value("classic").run()
    chosen = page.number_input(key="stock_units").value
    click_before_it_is_drawn(page, drawn, stock_units=former)
    assert page.number_input(key="stock_units").value == chosen


def test_a_value_typed_twice_before_the_page_is_drawn_is_the_last_one():
    page = open_page("stock")
    before = page.text_input(key=DRAWN).value
    former = page.number_input(key="stock_units").value
    page.segmented_control(key="stock_recipe").set_value("classic").run()
    click_before_it_is_drawn(page, before, stock_units=former + 1)
    assert page.number_input(key="stock_units").value == former + 1
    click_before_it_is_drawn(page, before, stock_units=former)
    assert page.number_input(key="stock_units").value == former


def test_a_value_can_be_set_back_right_after_a_preset():
    page = open_page("stock")
    former = page.number_input(key="stock_units").value
    page.segmented_control(key="stock_recipe").set_value("classic").run()
    page.number_input(key="stock_units").set_value(former).run()
    assert page.number_input(key="stock_units").value == former
    assert page.query_params["stock_units"] == f"{former:.0f}"


def test_settings_after_a_switch_of_task_are_in_the_address():
    page = learn(
        "lstm",
    )
    page.segmented_control(key="lstm_task").set_value("adding").run()
    page.number_input(key="lstm_units").set_value(20)
    page.number_input(key="lstm_seed").set_value(7).run()
    address = address_of(page)
    assert address["lstm_units"] == "20"
    assert address["lstm_seed"] == "7"
    assert numbers_of(open_page("lstm", **address)) == numbers_of(page)


def test_another_step_leaves_the_settings_of_the_others_in_the_address():
    page = open_page("lstm", lstm_step="Forward", lstm_sequence_word="memory")
    page.number_input(key="lstm_sequence_units").set_value(3).run()
    page.segmented_control(key="lstm_step").set_value("Learning").run()
    page.number_input(key="lstm_epochs").set_value(9).run()
    page.segmented_control(key="lstm_step").set_value("Backward").run()
    address = address_of(page)
    again = open_page("lstm", **address)
    assert address_of(again) == address
    assert again.text_input(key="lstm_sequence_word").value == "memory"
    assert again.number_input(key="lstm_sequence_units").value == 3
    again.segmented_control(key="lstm_step").set_value("Learning").run()
    assert again.number_input(key="lstm_epochs").value == 9


def test_a_preset_alone_in_the_address_brings_its_settings():
    page = learn("lstm", lstm_recipe_text="Huge steps without clipping")
    asked = writing.Config.preset("Huge steps without clipping")
    assert page.number_input(key="lstm_learning_rate").value == asked.learning_rate
    assert page.segmented_control(key="lstm_optimizer").value == asked.optimizer
    classic = open_page("stock", stock_recipe="classic")
    assert (
        classic.number_input(key="stock_epochs").value
        == (Stock.preset("classic").values["epochs"])
    )
    assert address_of(classic) == {"stock_recipe": "classic"}


def test_a_preset_that_is_chosen_replaces_the_settings_of_the_address():
    page = learn("lstm", lstm_task="adding", lstm_units=20)
    page.segmented_control(key="lstm_task").set_value("text").run()
    assert page.number_input(key="lstm_units").value == writing.Config().units
    page.segmented_control(key="lstm_task").set_value("adding").run()
    assert page.number_input(key="lstm_units").value == adding.Config().units


def test_a_link_may_say_the_label_of_a_choice_as_links_once_did():
    page = learn("lstm", lstm_task="Adding problem")
    assert page.segmented_control(key="lstm_task").value == "adding"
    page = open_page("lstm", lstm_step="Backward", lstm_preset="Forget bias 0")
    assert page.selectbox(key="lstm_preset").value == "forget bias 0"


def test_a_link_that_once_began_a_presentation_opens_the_page_with_its_settings():
    page = open_page("lstm", lstm_step="Forward", present="true")
    assert page.segmented_control(key="lstm_step").value == "Forward"


WRONG = {
    "stock_source": "Moon",
    "stock_sample": "../../etc",
    "stock_recipe": "",
    "stock_units": "1e99",
    "stock_window": "2.5",
    "stock_cost": "nan",
    "stock_tabs": "<b>",
    "stock_log_price": "perhaps",
}


def test_invalid_widget_values_are_left_out_of_the_address():
    page = open_page("stock", **WRONG)
    assert numbers_of(page) == numbers_of(open_page("stock"))
    assert address_of(page) == {}


def test_dates_in_an_address_are_within_the_bounds_of_their_fields():
    days = {"stock_start": "1890-01-01", "stock_end": "2020-02-30"}
    page = open_page("stock", stock_source="Ticker", stock_period="dates", **days)
    address = address_of(page)
    assert address == {"stock_source": "Ticker", "stock_period": "dates"}
    days = {"stock_start": "2015-06-01", "stock_end": "2020-02-28"}
    page = open_page("stock", **address, **days)
    assert str(page.date_input(key="stock_start").value) == "2015-06-01"
    assert address_of(page) == address | days


def written(value):
    """A value as an address has it."""
    return f"{value:g}" if isinstance(value, float) else str(value)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        (
            "stock",
            {
                "stock_sample": "AAPL",
                "stock_recipe": "classic",
                "stock_units": "30",
                "stock_forecast_days": "9",
                "stock_cost": "2.5",
            },
        ),
        (
            "emoji",
            {
                "emoji_text": "I love <b>you & me",
                "emoji_model": "v2",
                "emoji_direction": "both",
                "emoji_learning_rate": "0.02",
            },
        ),
        (
            "music",
            {
                "music_chords": "Dm7 G7 | Cmaj7 | %",
                "music_voice": "folk",
                "music_corpus": "folk",
                "music_temperature": "0.5",
                "music_seed": "7",
                "music_train_seed": "3",
                "music_style": "swing",
                "music_key": "D",
            },
        ),
    ],
)
def test_a_page_shows_its_address_and_keeps_it(name, address):
    page = open_page(name, **address)
    assert address_of(page) == address
    shown = {key: written(page.session_state[key]) for key in address}
    assert shown == address
    again = open_page(name, **address_of(page))
    assert numbers_of(again) == numbers_of(page)


def test_going_back_to_an_address_sets_all_that_it_does_not_say_to_the_default():
    page = learn("lstm", lstm_units=20)
    page.number_input(key="lstm_seed").set_value(7).run()
    arrive(page, "home", {})
    arrive(page, "lstm", {"lstm_step": "Learning", "lstm_units": 30})
    assert page.number_input(key="lstm_units").value == 30
    assert page.number_input(key="lstm_seed").value == writing.Config().seed


def test_a_page_that_is_gone_to_without_settings_shows_those_of_the_session():
    page = learn("lstm", lstm_units=20)
    arrive(page, "home", {})
    arrive(page, "lstm", {})
    assert page.number_input(key="lstm_units").value == 20
    assert address_of(page) == {"lstm_step": "Learning", "lstm_units": "20"}


def test_a_setting_that_is_changed_while_the_address_is_older_stays():
    page = learn("lstm", lstm_units=20)
    page.number_input(key="lstm_units").set_value(30)
    page.query_params["lstm_units"] = "20"
    page.run()
    assert page.number_input(key="lstm_units").value == 30
    assert page.query_params["lstm_units"] == "30"


def test_with_a_run_the_address_says_all_settings_also_those_back_at_their_default():
    page = learn("rnn", rnn_task="adding", rnn_units=20)
    page.button(key="rnn_train").click().run()
    me, run_id = page.session_state["owner"], page.query_params["run"]
    platform().store.request_stop(me, run_id)
    page.number_input(key="rnn_units").set_value(adding.Config().units).run()
    page.number_input(key="rnn_seed").set_value(7).run()
    again = open_page("rnn", me, **address_of(page))
    assert again.query_params["run"] == run_id
    assert numbers_of(again) == numbers_of(page)
    of_run = {"run": run_id, "rnn_step": "Learning"}  # as the Runs page has it
    again = open_page("rnn", me, **of_run)
    assert again.number_input(key="rnn_units").value == 20
    second_visit = open_page("rnn", **address_of(page))
    assert "run" not in second_visit.query_params
    assert numbers_of(second_visit) == numbers_of(page)


def copied(page, name):
    """The settings in the link that the page offers."""
    (found,) = (
        part.proto.json
        for part in page.get("bidi_component")
        if f"{name}_copy_link" in part.proto.id
    )
    return json.loads(found)


def test_the_link_to_copy_has_the_settings_and_not_the_run():
    page = learn("rnn", rnn_task="adding", rnn_units=20)
    page.button(key="rnn_train").click().run()
    me, run_id = page.session_state["owner"], page.query_params["run"]
    platform().store.request_stop(me, run_id)
    assert copied(page, "rnn") == "rnn_step=Learning&rnn_task=adding&rnn_units=20"


def test_numbers_of_the_cell_that_were_changed_are_in_the_address():
    edits = "2.2.0~Wf.1.2.0.5~xt.1.1.-3"
    page = open_page("lstm", lstm_cell_numbers=edits)
    numbers = cell_numbers("lstm", CellDemo())
    shown = data_of_cell(page)
    assert shown["numbers"]["Wf"] == numbers["Wf"].tolist()
    assert shown["edited"]["Wf"][0][1] == 0.5
    assert shown["edited"]["xt"][0] == -3
    page.segmented_control(key="lstm_step").set_value("Forward").run()
    assert page.query_params["lstm_cell_numbers"] == edits
    page.segmented_control(key="lstm_step").set_value("The cell").run()
    assert data_of_cell(page)["edited"] == shown["edited"]
    page.number_input(key="lstm_cell_seed").set_value(1).run()
    fresh = data_of_cell(page)
    assert fresh["edited"] == fresh["numbers"]


def data_of_cell(page):
    """What the page gives the animation of the cell."""
    (found,) = (
        part.proto.json
        for part in page.get("bidi_component")
        if "lstm_cell_view" in part.proto.id
    )
    return json.loads(found)


def own_text(passage):
    page = learn("lstm", lstm_data="Own text")
    page.text_area(key="lstm_text").set_value(passage).run()
    assert not page.exception
    return page


def test_a_short_text_of_ones_own_is_in_the_address():
    page = own_text(LONG[:500])
    second_visit = open_page("lstm", **address_of(page))
    assert second_visit.text_area(key="lstm_text").value == LONG[:500]
    assert "does not include" not in text_of(page)


def test_a_long_text_is_kept_for_its_owners_reload_and_the_page_says_so():
    page = own_text(LONG)
    address, me = address_of(page), page.session_state["owner"]
    assert "does not include your text" in text_of(page)
    assert max(map(len, address.values())) < 100
    again = open_page("lstm", me, **address)
    assert again.text_area(key="lstm_text").value == LONG
    second_visit = open_page("lstm", **address)
    assert second_visit.text_area(key="lstm_text").value == ""
    assert "paste it again" in text_of(second_visit)


def test_a_page_says_that_a_link_does_not_carry_a_file():
    assert "does not include your file" in text_of(
        open_page("stock", stock_source="Upload")
    )
    assert "does not include" not in text_of(open_page("stock"))


def test_a_link_to_settings_is_not_overruled_by_a_run_that_is_under_way():
    page = learn("rnn", rnn_task="adding", rnn_units=20, rnn_seed=7)
    page.button(key="rnn_train").click().run()
    me, run_id = page.session_state["owner"], page.query_params["run"]
    again = open_page("rnn", me, rnn_step="Learning", rnn_task="adding", rnn_units=30)
    platform().store.request_stop(me, run_id)
    assert again.query_params["run"] == run_id
    assert again.number_input(key="rnn_units").value == 30
    assert again.number_input(key="rnn_seed").value == adding.Config().seed
