"""The music page, driven by its widgets' keys, over a real store and cluster."""

import gc
import importlib.util
import re
import shlex
import subprocess
import sys
import weakref
from copy import copy
from dataclasses import fields, replace
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from core.music import Config, Performance
from core.music.corpora import ragtime
from core.music.files.midi_writer import ScoreError, write_midi
from core.music.playing.quiz import count_right
from core.music.playing.sound import soundfont
from core.music.playing.takes import perform
from core.music.shipped import load
from core.music.theory.keys import Key
from core.music.theory.progressions import DEFAULT_CHART, PROGRESSIONS
from core.runs.store.schema import points, trainings
from pages.ui.cache import shared_cache
from pages.ui.music.now_playing import _copy_rates, _metrics
from pages.ui.music.player import sound
from pages.ui.session import platform
from tests.conftest import wait_until
from tests.core.music.music_files import TUNE, line, midi
from tests.driver.pages.app import open_page, text_of, train_to_the_end, words
from tests.driver.pages.music import BAND, SOLO, generate, take

ROOT = Path(__file__).parents[3]
INK = "#000000"
SMALL = {"units": 8, "epochs": 3, "window": 32, "batch": 4}


@pytest.fixture
def music():
    return open_page("music")


@pytest.fixture(scope="module")
def opened():
    return open_page("music")


@pytest.fixture
def box(opened):
    """A page that several tests use, with its settings as they were at first."""
    for item in fields(Performance):
        opened.session_state[f"music_{item.name}"] = item.default
    opened.session_state["music_bars"] = 8
    opened.session_state["music_chords"] = DEFAULT_CHART
    opened.session_state["music_primer"] = "None"
    opened.session_state["music_progression"] = None
    opened.session_state["music_voice"] = "ragtime"
    opened.session_state["music_marked"] = None
    opened.session_state["music_tabs"] = "Take away"  # the least work to draw
    return opened


def melody(page):
    return list(take(page).piece.melody)


def open_tab(page, name):
    page.session_state["music_tabs"] = name
    page.run()
    assert not page.exception
    return page


def upload(page, *files):
    """Put files, each a name and its content, into the uploader."""
    page.segmented_control(key="music_corpus").set_value("upload").run()
    box = page.file_uploader(key="music_upload")
    box.set_value([(name, content, "audio/midi") for name, content in files]).run()
    assert not page.exception
    return page


def tracks(page):
    return page.selectbox(key="music_track").options


def choose_track(page, name):
    place = next(i for i, track in enumerate(tracks(page)) if name in track)
    page.selectbox(key="music_track").set_value(place).run()
    assert not page.exception


def small(page, **others):
    for name, value in {**SMALL, **others}.items():
        page.number_input(key=f"music_{name}").set_value(value)
    return page.run()


def train(page):
    page.button(key="music_train").click().run()
    assert not page.exception
    assert not page.error
    return page.query_params["run"], page.session_state["owner"]


def test_it_opens_with_something_to_play_that_says_who_plays_it(music):
    assert len(take(music).piece.onsets) > 20
    assert len(music.get("audio")) == 2  # of the take, and of the data
    assert "Played by the built-in model" in text_of(music)
    assert "Example" in text_of(music)
    assert [metric.label for metric in music.metric] == [
        "Nats per 16th",
        "Beyond repetition",
        "Onset accuracy",
        "Chord gain",
    ]


def test_the_take_stays_until_generate_is_pressed(music):
    before = take(music)
    music.number_input(key="music_seed").set_value(5).run()
    assert take(music) is before
    assert list(generate(music).piece.melody) != list(before.piece.melody)


def test_candidates_that_are_not_wanted_leave_the_take_as_it_was(music):
    before = melody(music)
    music.session_state["music_marked"] = (3, 4)
    music.run().button(key="music_rewrite").click().run()
    assert "Candidates for bars 3 to 4" in text_of(music)
    music.button(key="music_listen_2").click().run()
    music.button(key="music_keep").click().run()
    assert not music.exception
    assert "Candidates" not in text_of(music)
    assert melody(music) == before
    assert music.button(key="music_undo").disabled


@pytest.fixture
def no_soundfont(monkeypatch):
    """No package has the soundfont; nor is a sound in a cache."""
    find = importlib.util.find_spec
    hidden = "pretty_midi"
    monkeypatch.setattr(
        "importlib.util.find_spec", lambda name: None if name == hidden else find(name)
    )
    for cached in (soundfont, sound):
        cached.cache_clear()
    yield
    soundfont.cache_clear()


def test_without_the_soundfont_the_page_says_so_and_gives_the_notes(
    no_soundfont, files
):
    page = open_tab(open_page("music"), "Take away")
    assert "Expected the soundfont" in page.error[0].value
    assert files("music_download").tracks
    assert len(files("music_download_musicxml"))
    with pytest.raises(ScoreError, match="Expected the soundfont"):
        files("music_download_wav")


def test_generate_with_the_settings_of_the_take_says_how_to_get_a_new_melody(box):
    generate(box)
    box.button(key="music_generate").click().run()
    assert "Press *Another* for a new one" in box.info[0].value
    generate(box, seed=5)
    assert not box.info


def test_another_draws_a_seed_which_can_be_played_again(box):
    generate(box)
    before = melody(box)
    box.button(key="music_another").click().run()
    drawn, seed = melody(box), box.session_state["music_seed"]
    assert drawn != before
    generate(box, seed=0)
    assert melody(box) == before
    generate(box, seed=seed)
    assert melody(box) == drawn


def test_each_setting_reaches_the_performance(box):
    values = {"temperature": 0.7, "top_k": 5, "top_p": 0.9, "seed": 3, "choruses": 0}
    values |= {"bars": 12, "tempo": 80, "key": "Eb", "meter": "3/4", "swing": 1.5}
    values |= {"primer_bars": 2, "instrument": "Clarinet", "chord_instrument": "Banjo"}
    values |= {"style": "swing", "plan": "free", "ending": "tonic"}
    values |= {"originality": "free"}
    assert set(values) == {item.name for item in fields(Performance)}
    made = generate(box, **values)
    now = box.session_state["music_takes"]["ragtime", None].current
    assert now.how == Performance(**values)
    assert (made.piece.bars, made.piece.key) == (12, Key(3))
    assert len(generate(box, style="none").score.tracks) == 1


def test_invalid_chords_are_reported_and_the_take_stays(box):
    before = take(box)
    box.text_area(key="music_chords").set_value("Dm7 Hxx | G7").run()
    assert "got 'Hxx'" in box.error[0].value
    box.button(key="music_generate").click().run()
    assert not box.exception
    assert take(box) is before


@pytest.mark.parametrize("one", PROGRESSIONS[::20], ids=lambda one: one.name)
def test_a_progression_of_ours_brings_what_it_is_usually_played_with(box, one):
    box.selectbox(key="music_progression").set_value(one.name).run()
    assert not box.error
    assert box.text_area(key="music_chords").value == one.text
    assert box.number_input(key="music_tempo").value == one.tempo
    assert box.selectbox(key="music_meter").value == str(one.meter)
    assert box.number_input(key="music_bars").value % one.bars == 0 or one.bars < 8


def test_a_chorus_is_the_form_until_a_number_of_bars_is_typed(box):
    blues = "Dm7 | G7 | C6"
    made = generate(box, choruses=1, chords=f"|: {blues} :|", meter="4/4")
    assert made.piece.bars == 6
    assert "6 bars of 4/4: 1 chorus of 6." in words(box)
    assert f"Read as {blues} | {blues}" in words(box)
    box.number_input(key="music_bars").set_value(9).run()
    assert box.number_input(key="music_choruses").value == 0
    assert "1 chorus of 6 and the first 3 of the form's 6" in words(box)
    assert generate(box).piece.bars == 9


def test_a_link_with_a_number_of_bars_means_bars(music):
    assert music.number_input(key="music_choruses").value == 1
    linked = open_page("music", music_bars=24)
    assert linked.number_input(key="music_choruses").value == 0
    assert take(linked).piece.bars == 24


def test_jazz_brings_its_swing_and_says_what_is_a_rule(box):
    box.selectbox(key="music_meter").set_value("2/4").run()
    box.selectbox(key="music_style").set_value("jazz").run()
    assert box.number_input(key="music_swing").value == 2
    assert box.selectbox(key="music_meter").value == "4/4"
    assert "only the melody's notes are the model's" in words(box)
    assert "to hear these settings" in words(box)
    tracks = [track.name for track in generate(box).score.tracks]
    assert tracks == ["Melody", "Chords", "Bass", "Drums"]
    assert "to hear these settings" not in words(box)
    box.selectbox(key="music_meter").set_value("6/8").run()
    assert "expected the meter 4/4 or 3/4 for jazz" in box.error[0].value


def test_the_folk_model_hears_the_chords_and_claims_no_gain_by_them(box):
    box.segmented_control(key="music_voice").set_value("folk").run()
    assert not box.text_area(key="music_chords").disabled
    made = generate(box, chords="Am | Dm | E7 | Am")
    assert str(made.score.chords[1].chord) == "Dm"
    open_tab(box, "Judgement")
    assert "inferred from their melodies" in words(box)
    box.segmented_control(key="music_voice").set_value("classic").run()
    assert "sixty snippets" in text_of(box)


def test_the_longest_copied_passage_is_shown_with_its_source(box):
    box.segmented_control(key="music_voice").set_value("folk").run()
    open_tab(box, "Result")
    for seed in range(20):
        if (found := generate(box, seed=seed).copied) is not None:
            break
    assert f"{found.notes} notes as in {found.title}, bar {found.bar}" in words(box)


def test_a_primer_is_heard_first_and_gone_on_from(box):
    generate(box)
    primers = box.selectbox(key="music_primer").options
    entertainer = next(name for name in primers if "Entertainer" in name)
    made = generate(box, primer=entertainer, chords="", primer_bars=2)
    source = next(p for p in ragtime().test if p.title == "The Entertainer")
    assert made.given == source.pickup + 2 * source.meter.steps
    heard = made.piece.melody[: made.given]
    assert list(heard) == list(source.melody[: made.given])


def test_the_melody_of_a_file_of_many_tracks_is_guessed_and_can_be_chosen(music):
    upload(music, ("my [band].mid", BAND))
    assert len(tracks(music)) == 4
    assert "Tenor sax" in tracks(music)[music.selectbox(key="music_track").value]
    assert f"{len(SOLO)} notes in 24 bars of 4/4" in words(music)
    assert "Chords begin: C | F | G | C" in words(music)
    assert "my [band]" in words(music)
    choose_track(music, "Bass")
    assert "96 notes in 24 bars" in words(music)
    assert not music.button(key="music_train").disabled
    choose_track(music, "Drums")
    assert "got drums" in music.error[0].value
    assert music.button(key="music_train").disabled
    choose_track(music, "Sax")
    assert not music.error
    music.text_input(key="music_track_chords").set_value("Am | Dm").run()
    assert "Chords begin: Am | Dm | Am" in words(music)
    music.text_input(key="music_track_chords").set_value("what").run()
    assert "got 'what'" in words(music)


def test_an_upload_is_improvised_on_over_its_own_chords(music):
    upload(music, ("band.mid", BAND))
    music.button(key="music_improvise").click().run()
    assert not music.exception
    made = take(music)
    assert made.given == 4 * 16
    heard = [int(pitch) for pitch in made.piece.melody[:64] if pitch >= 0]
    assert heard == SOLO[:32]
    assert [str(span.chord) for span in made.score.chords][:4] == ["C", "F", "G", "C"]


def test_unreadable_files_are_reported_one_by_one_and_lose_nothing(music):
    before = take(music)
    upload(
        music,
        ("good.mid", BAND),
        ("empty.mid", b""),
        ("picture.mid", b"\x89PNG\r\n\x1a\n" + bytes(50)),
        ("broken.mid", BAND[:300]),
        ("drums.mid", midi(("", 9, 0, line([36] * 20)))),
        ("one.mid", midi(("", 0, 0, [(0, 1, 60)]))),
        ("enormous.mid", bytes(1_000_001)),
        ("xml.musicxml", b"<score-partwise><part></score-partwise>"),
    )
    told = [error.value.replace("\\", "") for error in music.error]
    for name, what in {
        "empty.mid": "an empty file",
        "picture.mid": "got something else",
        "broken.mid": "broken or cut off",
        "drums.mid": "drums only",
        "one.mid": "at least 8 notes",
        "enormous.mid": "at most 1 MB",
        "xml.musicxml": "Expected",
    }.items():
        assert any(name in one and what in one for one in told), (name, told)
    assert len(told) == 7
    assert "good" in words(music)
    assert not music.button(key="music_train").disabled
    assert take(music) is before


def test_files_outlive_a_visit_to_another_page_and_a_broken_one_after_it(music):
    upload(music, ("band.mid", BAND))
    choose_track(music, "Bass")
    music.switch_page("pages/home.py").run()
    music.switch_page("pages/music.py").run()
    assert "Bass" in tracks(music)[music.selectbox(key="music_track").value]
    upload(music, ("broken.mid", BAND[:300]))
    assert "broken or cut off" in music.error[0].value
    assert len(tracks(music)) == 4
    music.button(key="music_forget").click().run()
    assert not [one for one in music.selectbox if one.key == "music_track"]


def test_a_file_taken_out_of_the_uploader_is_forgotten(music):
    upload(music, ("band.mid", BAND))
    music.file_uploader(key="music_upload").set_value(None).run()
    assert not [one for one in music.selectbox if one.key == "music_track"]
    assert music.button(key="music_train").disabled


def test_a_piece_too_short_to_learn_from_can_still_be_improvised_on(music):
    upload(music, ("short.mid", midi(("", 0, 0, line(TUNE * 2)))))
    assert "at least 20 bars" in words(music)
    assert music.button(key="music_train").disabled
    music.button(key="music_improvise").click().run()
    assert take(music).given == 32 * 2


def test_the_data_are_there_to_be_heard(music):
    listed = music.selectbox(key="music_piece").options
    assert len(listed) == 8
    assert listed[-1] == "The Entertainer, test"
    music.selectbox(key="music_piece").set_value(7).run()
    assert not music.exception
    music.segmented_control(key="music_corpus").set_value("folk").run()
    assert music.selectbox(key="music_piece").value == 0
    assert "386 for testing" in text_of(music)


def test_model_and_music_bring_their_own_settings(music):
    for model, corpus, preset in (
        ("default", "ragtime", "default"),
        ("default", "folk", "folk"),
        ("classic", "ragtime", "classic"),
    ):
        music.number_input(key="music_units").set_value(7).run()
        other = "classic" if model == "default" else "default"
        music.segmented_control(key="music_model").set_value(other).run()
        music.segmented_control(key="music_corpus").set_value(corpus).run()
        music.segmented_control(key="music_model").set_value(model).run()
        wanted = Config.preset(preset)
        for name in ("units", "epochs", "learning_rate", "window", "batch", "patience"):
            shown = music.number_input(key=f"music_{name}").value
            assert shown == getattr(wanted, name)


def test_settings_that_do_not_fit_together_are_refused_in_a_sentence(music):
    small(music, units=384, batch=128, window=512)
    assert "expected at most 3,200,000" in music.error[0].value
    assert music.button(key="music_train").disabled


@pytest.fixture(scope="module")
def trained():
    """A page whose person trained on a file, and the run."""
    page = upload(open_page("music"), ("my band.mid", BAND))
    return page, train_to_the_end(small(page), "music_train")


def test_a_model_trained_on_an_upload_plays_and_is_judged(trained):
    music, run = trained
    assert (run.status, run.title) == ("done", "my band")
    assert "Played by your model, default, after 3 epochs" in text_of(music)
    assert "Finished" in text_of(music)
    assert len(take(music).piece.onsets) > 0
    assert list(music.select_slider(key="music_epoch").options) == ["1", "2", "3"]
    music.select_slider(key="music_epoch").set_value(1).run()
    assert re.search(r"After epoch 1: validation loss \d", text_of(music))
    music.segmented_control(key="music_voice").set_value("ragtime").run()
    # The figures are those of the run that is shown, whoever plays.
    assert music.metric[0].value == f"{run.summary['nats']:#.3g}"
    open_tab(music, "Judgement")
    assert "Rags." in words(music)
    music.segmented_control(key="music_voice").set_value("own").run()
    assert "my band." in words(music)

    fresh = open_page("music", music.session_state["owner"], run=run.id)
    assert fresh.segmented_control(key="music_corpus").value == "upload"
    assert fresh.number_input(key="music_units").value == SMALL["units"]
    assert "the pieces of your run" in text_of(fresh)
    assert not fresh.button(key="music_train").disabled
    fresh.switch_page("pages/runs.py").run()
    assert "nats per sixteenth" in text_of(fresh)


def test_the_first_epoch_of_a_long_training_has_its_loss_as_well(trained):
    music, run = trained
    with platform().store.engine.begin() as connection:  # as if it had 450 epochs
        longer = replace(Config.from_json(run.config), epochs=500).to_json()
        this = update(trainings).where(trainings.c.id == run.id)
        connection.execute(this.values(config=longer))
        later = {"training": run.id, "at": 0.0, "metrics": "{}", "snapshot": None}
        rows = [later | {"epoch": epoch} for epoch in range(4, 451)]
        connection.execute(insert(points), rows)
    fresh = open_page("music", music.session_state["owner"], run=run.id)
    fresh.select_slider(key="music_epoch").set_value(1).run()
    assert re.search(r"After epoch 1: validation loss \d", text_of(fresh))


def test_an_epoch_is_heard_while_it_trains_and_what_was_learned_when_stopped(music):
    upload(music, ("my band.mid", BAND))
    run_id, me = train(small(music, epochs=500, patience=0))
    store = platform().store
    wait_until(lambda: store.snapshots(me, run_id), what="something to hear")
    before = len(music.run().get("audio"))
    music.button(key="music_hear").click().run()
    assert not music.exception
    assert len(music.get("audio")) == before + 1
    assert store.get(me, run_id).active
    music.button(key="music_stop").click().run()
    wait_until(lambda: not store.get(me, run_id).closing, what="the result so far")
    stopped = store.get(me, run_id)
    assert stopped.status == "stopped"
    music.run()
    assert "Played by your model" in text_of(music)


def test_the_melody_is_compared_with_pieces_by_people(box):
    open_tab(box, "Result")
    assert "Held-out pieces by composers share passages" in words(box)
    assert len(box.get("plotly_chart")) == 2


def test_the_judgement_shows_baseline_sweep_and_what_memorising_is_worth(box):
    open_tab(box, "Judgement")
    figures, swept, lesson = (table.value for table in box.table)
    assert list(figures.iloc[:, 0]) == [
        "Markov-3",
        "Markov-1",
        "Plain LSTM",
        "Repeats itself",
        "This model",
    ]
    assert list(figures.iloc[0, 1:4]) == ["–", "–", "–"]  # of the most onsets
    *_, markov, plain, copies, ours = map(float, figures.iloc[1:, 1])
    assert ours < copies < plain < markov
    assert "A rival that only repeats the piece's own past" in words(box)
    assert "less than the 0.3 we aimed at" in words(box)
    assert len(swept) == 6
    assert "Chord gain" in words(box)
    learned, unseen = lesson.columns[1:3]
    by_heart = lesson.iloc[1]
    assert by_heart.iloc[0] == "Classic recipe"
    assert float(by_heart[learned]) < 0.1 < 2.4 < float(by_heart[unseen])
    assert len(box.get("audio")) == 3


def test_both_quizzes_count_right_answers_and_keep_their_scores(box):
    open_tab(box, "Human or model?")
    for kind, right in (("heard", 6), ("network", 5)):
        box.segmented_control(key="music_quiz_kind").set_value(kind).run()
        cache = box.session_state["music_cache"]["quiz"]
        asked = next(found for (*_, of), found in cache.items() if of == kind)
        answers = [
            one.human if place < right else not one.human
            for place, one in enumerate(asked)
        ]
        for place, human in enumerate(answers):
            said = "human" if human else "model"
            box.button(key=f"music_quiz_{said}").click().run()
            told = [*box.success, *box.warning][0].value
            assert told.startswith("Right" if place < right else "Wrong")
            box.button(key="music_quiz_next").click().run()
        assert count_right(answers, asked) == right
        assert box.metric[-1].value == f"{right} of 8"
    assert "What listeners hear: 6 of 8" in text_of(box)
    box.button(key="music_quiz_again").click().run()
    assert "Phrase 1 of 8" in text_of(box)
    box.segmented_control(key="music_quiz_kind").set_value("heard").run()
    assert "The network alone: 5 of 8" in text_of(box)


def test_the_network_alone_the_plan_and_the_accompaniment_are_heard_apart(box):
    made = generate(box)
    assert made.credits.words in words(box)
    assert min(made.credits.pushed_by_plan, made.credits.accompaniment) > 0
    part = box.segmented_control(key="music_part")
    part.set_value("plan").run()
    assert "accompaniment, all by rule" not in words(box)
    assert f"{made.credits.pushed_by_plan} by the network with a push" in words(box)
    part.set_value("network").run()
    assert "with a push" not in words(box)
    assert "One melody was sampled, without a choice" in words(box)
    assert take(box) is made
    generate(box, plan="free")
    assert "One melody was sampled" in words(box)
    part.set_value("accompaniment").run()


def mark(page, first, last):
    """Mark bars as the roll does."""
    page.session_state["music_marked"] = [first, last]
    press(page)


def press(page, name=None):
    """Press a button below the roll, or only draw the page again."""
    if name:
        page.button(key=f"music_{name}").click()
    page.run()
    assert not page.exception


def enabled(page, *names):
    return [not page.button(key=f"music_{name}").disabled for name in names]


def test_marked_bars_are_rewritten_and_only_what_is_used_changes_the_take(box):
    before = generate(box, seed=5)
    assert enabled(box, "rewrite", "lock", "repeat", "redo") == [False] * 4
    mark(box, 3, 4)
    press(box, "rewrite")
    assert take(box) is before
    fits = re.findall(r"leads on [a-z ]+\*\* \(([\d.]+), now", text_of(box))
    assert len(fits) == 4
    assert fits == sorted(fits, key=float)
    press(box, "listen_3")
    assert take(box) is before
    press(box, "use_3")
    used = melody(box)
    assert used != list(before.piece.melody)
    assert used[:16] + used[32:] == [
        *before.piece.melody[:16],
        *before.piece.melody[32:],
    ]
    open_tab(box, "Take away")
    assert " ".join(take(box).words) == box.code[0].value  # and no command
    press(box, "undo")
    assert take(box) is before
    press(box, "redo")
    assert melody(box) == used
    seed, chords = box.session_state["music_seed"], box.session_state["music_chords"]
    box.text_area(key="music_chords").set_value("C | F").run()
    generate(box, seed=seed + 6)
    press(box, "undo")
    assert melody(box) == used
    assert box.session_state["music_seed"] == box.number_input(key="music_seed").value
    assert box.session_state["music_seed"] == seed
    assert box.session_state["music_chords"] == chords
    press(box, "redo")
    assert box.session_state["music_seed"] == seed + 6
    assert box.session_state["music_chords"] == "C | F"
    press(box, "undo")


def test_locked_bars_stay_as_they_are(box):
    before = generate(box, seed=5)
    mark(box, 2, 2)
    press(box, "lock")
    assert enabled(box, "rewrite", "lock") == [False, True]
    mark(box, 1, 1)
    press(box, "repeat")
    assert "not locked, got none" in box.error[0].value
    assert take(box).piece is before.piece
    mark(box, 1, 3)
    press(box, "rewrite")
    press(box, "use_1")
    assert melody(box)[8:16] == list(before.piece.melody[8:16])
    assert melody(box)[:24] != list(before.piece.melody[:24])
    mark(box, 2, 2)
    press(box, "lock")
    assert enabled(box, "rewrite", "lock") == [True, True]


def test_the_command_to_take_away_plays_the_same_notes(box, tmp_path):
    generate(box, seed=3, bars=8, swing=1.5, chords="Dm7 G7 | Cmaj7")
    mark(box, 5, 6)
    press(box, "rewrite")
    press(box, "use_1")
    open_tab(box, "Take away")
    command = shlex.split(box.code[0].value)
    assert command[command.index("--rewrite") + 1] == "5-6"
    command[0], command[-1] = sys.executable, str(tmp_path / "again.mid")
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    assert (tmp_path / "again.mid").read_bytes() == write_midi(take(box).score)
    assert " ".join(take(box).words) == box.code[1].value


def test_a_result_goes_though_takes_and_charts_of_it_were_kept():
    result = copy(load("ragtime"))
    take = shared_cache(perform, result, Performance(), DEFAULT_CHART, None)
    for chart in (_copy_rates, _metrics):
        assert shared_cache(chart, result, take, INK) is shared_cache(
            chart, result, take, INK
        )
    there = weakref.ref(result)
    del result, take
    gc.collect()
    assert there() is None


def test_how_it_works_shows_the_code_that_plays(box):
    open_tab(box, "How it works")
    shown = "\n".join(block.value for block in box.code)
    for name in ("def next(", "class Network", "def generate(", "class CopyGuard"):
        assert name in shown
