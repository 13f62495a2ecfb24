"""The guided path: its stations, its page, its line on the other pages."""

import secrets
from urllib.parse import parse_qsl

import pytest
from streamlit.testing.v1 import AppTest

from core import examples
from core.emoji.pretrained import load as load_emoji
from core.lesson.demo import (
    CellDemo,
    SequenceDemo,
    backward_demo,
    cell_numbers,
    edited,
    is_own_word,
    shown_by,
    sine_sequence,
    word_sequence,
)
from core.lstm import lstm_cell_forward
from core.rnn import rnn_cell_forward
from core.runs.classes.goals import Goal, goals_for
from core.runs.classes.links import parse_link
from core.runs.path import STATIONS as KEYS
from pages.ui.frame import LINKED, entries
from pages.ui.live.view import view_of
from pages.ui.path.stations import BY_KEY, MINUTES, STATIONS
from pages.ui.path.view import page_title
from pages.ui.session import platform
from tests.driver.pages.app import APP, open_page, text_of
from tests.driver.pages.finished import finished
from tests.pages.answers import parts


@pytest.fixture
def owner():
    return secrets.token_urlsafe(32)


def test_eleven_stations_take_two_hours_and_begin_easily():
    assert set(BY_KEY) == set(KEYS)
    assert [station.key for station in STATIONS[:3]] == ["start", "emoji", "cell"]
    assert len(STATIONS) == 11
    assert MINUTES == 110
    assert open_page("path").title[0].value.startswith("Two hours")


@pytest.mark.parametrize("station", STATIONS, ids=BY_KEY)
def test_each_station_leads_to_settings_and_has_one_right_answer(station):
    question = station.question
    assert len(set(question.options)) == len(question.options) >= 3
    assert question.options[question.right]
    assert 2 <= len(station.steps) <= 4
    assert len(station.hints) == len(question.options)
    assert [not hint for hint in station.hints].index(True) == question.right
    assert len(set(station.hints)) == len(station.hints)
    settings = dict(parse_qsl(station.query))
    state = open_page(station.page, **settings).session_state
    shown = {name: str(state[name]).removesuffix(".0") for name in settings}
    assert shown == settings


@pytest.mark.parametrize("given", ["4", "vanishing"])
def test_a_station_is_a_task_of_a_class_by_its_number_or_key(given):
    page, query, task = parse_link(f"http://x/path?station={given}&path_x=1")
    assert (page, query, task) == ("path", "station=vanishing", None)
    assert [each.event for each in goals_for(page, query)] == ["station vanishing"]


def test_the_cells_show_what_their_stations_say():
    rnn, lstm = (cell_numbers(cell, CellDemo()) for cell in ("rnn", "lstm"))

    def first_of_rnn(edits):
        numbers = edited(rnn, edits)
        state = rnn_cell_forward(numbers["xt"], numbers["h_prev"], numbers)[0]
        return f"{state[0, 0]:.3f}"

    assert rnn["h_prev"][0, 0] == -0.83
    assert first_of_rnn("") == "0.735"
    assert first_of_rnn("h_prev.1.1.0.83") == "-0.296"
    assert (
        first_of_rnn("ba.1.1.5") == first_of_rnn("ba.1.1.5~h_prev.1.1.0.83") == "1.000"
    )
    assert shown_by("rnn", rnn, rnn) == set()
    for edits, seen in (
        ("ba.1.1.5", {"saturated"}),
        ("ba.1.1.5~h_prev.1.1.0.83", {"saturated"}),
        ("h_prev.1.1.0.83", {"moved"}),
        ("Waa.1.1.0~Waa.1.2.0~Waa.2.1.0~Waa.2.2.0~h_prev.1.1.0.83", set()),
        ("ba.1.1.0.1", set()),
    ):
        assert shown_by("rnn", edited(rnn, edits), rnn) == seen
    assert lstm["c_prev"][0, 0] == 0.56
    assert shown_by("lstm", lstm, lstm) == set()
    kept = "bf.1.1.10~bi.1.1.-10"
    assert shown_by("lstm", edited(lstm, kept), lstm) == {"kept"}
    both = edited(lstm, f"{kept}~xt.1.1.0.3")
    assert shown_by("lstm", both, lstm) == {"kept", "kept_moved"}
    gru = cell_numbers("gru", CellDemo())
    assert shown_by("gru", gru, gru) == set()


def test_a_cell_state_that_is_the_same_by_chance_is_not_kept_by_its_gates():
    numbers = cell_numbers("lstm", CellDemo(seed=3))
    states = numbers["h_prev"], numbers["c_prev"]
    new = lstm_cell_forward(numbers["xt"], *states, numbers)[1]
    assert abs(new - numbers["c_prev"]).min() < 0.01
    assert shown_by("lstm", numbers, numbers) == set()
    kept = edited(numbers, "bf.1.1.5~bi.1.1.-5")
    assert shown_by("lstm", kept, numbers) == {"kept"}
    others = edited(numbers, "bf.1.1.10~bi.2.1.-10")
    assert shown_by("lstm", others, numbers) == set()


def test_the_other_figures_of_the_stations_are_those_of_their_pages():
    norms = backward_demo("rnn", sine_sequence(), SequenceDemo()).norms["dh"]
    assert f"{norms[0]:.2g}" == "0.0037"
    assert norms[0] == min(norms)
    assert "0.0037" in BY_KEY["backward"].steps[0].text
    assert f"to {norms[-11]:.3f} ten steps before it" in BY_KEY["backward"].solution
    mse = examples.load("adding").result.mse
    assert mse["lstm"] < 0.02
    assert f"{mse['rnn']:.2g}" == "0.18"
    ratio = examples.load("stock").result.summary()["rel_rmse"]
    assert f"error is {ratio:.4f} times" in BY_KEY["prices"].solution
    answers = load_emoji().answer(
        ["I was sad and now I am happy", "I was happy and now I am sad"]
    )
    assert [answer.name for answer in answers] == ["smile", "sad"]


def test_a_word_of_ones_own_has_a_letter_twice():
    assert is_own_word(word_sequence("Anna"))
    assert not is_own_word(word_sequence("hello"))
    assert not is_own_word(word_sequence("sun"))
    assert not is_own_word(sine_sequence())


def beside(page, owner, *, opened=False, **query):
    """Open a page as app.py does: beside the panel, if its person is on the path.

    The panel is closed on Home until it is opened.
    """

    def script(page):
        import runpy

        from pages.ui.path.panel import beside_path

        with beside_path(page):
            runpy.run_path(f"pages/{page}.py")

    if page == "home":  # the only page that AppTest draws by way of app.py
        app = AppTest.from_file(APP, default_timeout=120)
    else:
        app = AppTest.from_function(script, default_timeout=120, kwargs={"page": page})
    app.session_state["owner"] = owner
    if opened:
        app.session_state["path_line_toggled"] = page
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def line(page):
    """The line of the path; None without it."""
    found = [each for each in page.button if each.key == "path_line"]
    return found[0] if found else None


def test_the_panel_is_open_on_its_stations_page_alone_until_a_person_opens_it(owner):
    def has_steps(page):
        assert not page.exception
        return "path_line_all" in [each.key for each in page.button]

    platform().paths.go_to(owner, "cell")
    assert has_steps(beside("rnn", owner))
    page = beside("lstm", owner)
    assert not has_steps(page)
    assert has_steps(page.button(key="path_line").click().run())
    assert not has_steps(page.button(key="path_line").click().run())


def test_a_station_is_done_by_a_real_action_and_the_right_answer(owner):
    page = open_page("home", owner)
    assert line(beside("home", owner)) is None
    page.button(key="home_start").click().run()
    assert platform().paths.progress(owner).station == "start"
    station, page = BY_KEY["forward"], open_page("path", owner)
    page.button(key="path_go_forward").click().run()
    assert station.goal in text_of(page)
    _, options, right, why = station.question
    answer = page.pills(key="path_answer_forward")
    answer.set_value(options[right - 1]).run()
    assert station.hints[right - 1] in text_of(page)
    assert why not in text_of(page)
    page.pills(key="path_answer_forward").set_value(options[right]).run()
    assert why in text_of(page)
    assert "**0 of 3 steps done.**" in text_of(page)
    page = beside("rnn", owner, rnn_step="Forward")
    assert "0 of 3 steps" in line(page).label
    page.text_input(key="rnn_sequence_word").set_value("anna").run()
    assert not page.exception
    assert "1 of 3 steps" in line(page).label  # at once
    platform().paths.note(owner, "seen_sequence rnn")
    page = beside("rnn", owner, rnn_step="Forward")
    assert "**Checked.**" not in text_of(page)
    page.number_input(key="rnn_sequence_recurrent_scale").set_value(0.1).run()
    assert "Done" in line(page).label
    assert why in text_of(page)
    page = open_page("path", owner, station="forward")
    assert "**Checked.**" in text_of(page)
    assert page.pills(key="path_answer_forward").value == options[right]
    page.button(key="path_next").click().run()
    assert platform().paths.progress(owner).station == "backward"
    assert BY_KEY["backward"].goal in text_of(page)


def test_a_run_that_meets_the_check_counts_and_the_class_hears_of_the_station(owner):
    teacher = secrets.token_urlsafe(32)
    code = platform().classes.create(teacher, "")
    goal = Goal(event="station vanishing")
    platform().classes.add_task(teacher, code, "Do it", "path?station=4", goal)
    platform().classes.join(owner, code, "ann")
    platform().paths.go_to(owner, "vanishing")
    page = beside("home", owner)
    assert "0 of 4 steps" in line(page).label
    finished(owner, "adding")
    part = parts(page)["path_line_live_home"]
    assert view_of("path/vanishing", owner, {}).page != part["page"]
    page = beside("home", owner, opened=True)
    part = parts(page)["path_line_live_home"]
    assert view_of("path/vanishing", owner, {}).page == part["page"]
    assert "1 of 4 steps" in line(page).label
    guess = BY_KEY["vanishing"].guess.options[0]
    page.pills(key="path_line_guess_vanishing").set_value(guess).run()
    page = beside("home", owner, opened=True)
    page.checkbox(key="path_line_step_vanishing_3").check().run()
    finished(owner, "adding", length=10)
    assert "**Checked.**" in text_of(beside("home", owner, opened=True))
    assert platform().classes.done(owner) == set()
    platform().paths.note(owner, "answer vanishing")
    assert "Done" in line(beside("home", owner)).label
    assert len(platform().classes.done(owner)) == 1


def test_a_run_over_fewer_steps_than_the_station_asks_for_does_not_count(owner):
    platform().paths.go_to(owner, "vanishing")
    finished(owner, "adding", length=20)
    assert "0 of 4 steps" in line(beside("home", owner)).label
    finished(owner, "adding")
    assert "1 of 4 steps" in line(beside("home", owner)).label


def test_the_right_answers_are_not_in_one_place():
    places = [station.question.right for station in STATIONS]
    assert max(map(places.count, set(places))) <= len(STATIONS) / 2


@pytest.mark.parametrize("station", STATIONS, ids=BY_KEY)
def test_the_answers_of_a_station_have_a_label_without_marks_of_markdown(station):
    page = open_page("path", station=station.key)
    label = page.pills(key=f"path_answer_{station.key}").label
    assert label == station.question.text
    assert not set(label) & set("*_`")
    assert f"**The station's question.** {label}" in text_of(page)


def test_the_page_of_a_guess_opens_after_the_guess(owner):
    page = open_page("path", owner, station="prices")
    assert page.button(key="path_open").disabled
    guess = BY_KEY["prices"].guess.options[1]
    page.pills(key="path_guess_prices").set_value(guess).run()
    assert not page.button(key="path_open").disabled
    assert f"] {guess}." in text_of(page)
    assert "1 of 4 steps" in line(beside("home", owner)).label


@pytest.mark.parametrize("key", ["vanishing", "prices"])
def test_the_example_of_a_guess_is_hidden_until_one_has_guessed_or_trained(owner, key):
    station, hidden = BY_KEY[key], "The result of the example is hidden"
    query = dict(parse_qsl(station.query))
    platform().paths.go_to(owner, key)
    page = beside(station.page, owner, **query)
    assert [hidden in each.value for each in page.info] == [True]
    assert "badge[:material/school: Example]" not in text_of(page)
    assert "The LSTM learns" not in text_of(page)  # nothing else tells
    guess = station.guess.options[0]
    page.pills(key=f"path_line_guess_{key}").set_value(guess).run()
    assert not page.info
    assert "badge[:material/school: Example]" in text_of(page)
    other = secrets.token_urlsafe(32)
    assert not beside(station.page, other, **query).info  # it is not on the path


def test_next_leads_from_the_page_of_a_station_to_the_page_of_the_following(owner):
    platform().paths.go_to(owner, "start")
    page = beside("home", owner)
    page.button(key="path_line_next").click().run()
    assert page.text_input(key="emoji_text").value == "I was sad and now I am happy"
    assert platform().paths.progress(owner).station == "emoji"


def test_an_optional_step_is_not_asked_for(owner):
    platform().paths.go_to(owner, "backward")
    for event in ("seen_backward rnn", "step backward 2", "answer backward"):
        platform().paths.note(owner, event)
    page = open_page("path", owner)
    assert "**Checked.**" in text_of(page)
    assert "Find the bug" in text_of(page)


def test_progress_from_before_the_first_station_is_kept(owner):
    platform().paths.go_to(owner, "vanishing")
    for event in ("station backward", "answer backward", "step vanishing 1"):
        platform().paths.note(owner, event)
    page = open_page("path", owner)
    assert BY_KEY["vanishing"].goal in text_of(page)
    assert "**1 of 4 steps done.**" in text_of(page)
    assert page.get("progress")[0].proto.text.startswith("1 of 11 done")


def test_a_step_in_the_widgets_of_a_page_is_ticked_when_they_show_it(owner):
    platform().paths.go_to(owner, "emoji")
    page = beside("emoji", owner)
    for typed, done in (
        ("I was sad and now I am happy", 0),
        ("I was hap and now I am happy", 0),  # a pause while typing
        ("I was happy and now I", 0),
        ("I was happy and now I am sad", 1),
        ("my dog ran away and came back", 2),
    ):
        page.text_input(key="emoji_text").set_value(typed).run()
        assert f"{done} of 3 steps" in line(page).label


def headings(page):
    return " ".join(heading.value for heading in page.subheader)


def test_the_end_of_the_path_says_what_was_learned(owner):
    platform().paths.go_to(owner, "became")
    page = open_page("path", owner)
    assert "You have walked the whole path" not in headings(page)
    for station in STATIONS:
        platform().paths.note(owner, f"station {station.key}")
        platform().paths.note(owner, f"answer {station.key}")
    assert "all stations are done" in text_of(beside("home", owner, opened=True))
    page = open_page("path", owner)
    assert "You have walked the whole path" in headings(page)
    assert all(station.learned in text_of(page) for station in STATIONS)
    assert page.get("progress")[0].proto.text == "11 of 11 done"


def test_the_path_continues_from_home_and_can_be_reset(owner):
    platform().paths.go_to(owner, "music")
    assert "Station 9" in line(beside("home", owner)).label
    home = beside("home", owner, opened=True)
    home.button(key="path_line_leave").click().run()
    assert not platform().paths.progress(owner).shown
    assert line(beside("home", owner)) is None
    page = open_page("home", owner)
    assert page.button(key="home_start").label == "Go on at station 9"
    page.button(key="home_start").click().run()
    assert platform().paths.progress(owner).shown
    page = open_page("path", owner)
    page.button(key="path_reset").click().run()
    assert platform().paths.progress(owner) is None
    assert BY_KEY["start"].goal in text_of(page)


@pytest.mark.parametrize("given", ["<b>11", "99", "-1", "abc", "", "1&x=2", "²"])
def test_an_address_of_no_station_opens_the_first_one_and_says_so(given):
    page = open_page("path", station=given)
    assert BY_KEY["start"].goal in text_of(page)
    assert "expected one of start, emoji, cell" in page.warning[0].value


def test_an_address_of_a_station_gives_no_warning():
    assert not open_page("path", station="0").warning
    assert not open_page("path", station="10").warning
    assert not open_page("path", station="music").warning


def test_looking_at_a_station_notes_nothing(owner):
    platform().paths.go_to(owner, "vanishing")
    finished(owner, "adding")
    assert "steps [1]" in view_of("path/vanishing", owner, {}).page
    assert platform().paths.progress(owner).events == frozenset()


def test_changes_of_another_tab_reach_the_page(owner):
    platform().paths.go_to(owner, "cell")
    drawn = {parts(open_page("path", owner, station="cell"))["path_live"]["page"]}
    for change in (
        lambda: platform().paths.note(owner, "answer cell"),
        lambda: platform().paths.go_to(owner, "forward"),
        lambda: platform().paths.leave(owner),
        lambda: platform().paths.reset(owner),
    ):
        change()
        page = view_of("path/cell", owner, {}).page
        assert page not in drawn
        drawn.add(page)


def test_the_button_of_a_station_names_its_page_as_the_menu_does():
    titles = {entry.name: entry.title for entry in (*entries(), *LINKED)}
    for station in STATIONS:
        assert page_title(station.page) == titles[station.page]
