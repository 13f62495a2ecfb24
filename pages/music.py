import streamlit as st

from core.music.config import FORMER_NAMES
from pages.ui.address import hold, read_address, write_address
from pages.ui.frame import frame
from pages.ui.glossary import glossary
from pages.ui.music.corpus_files import read_uploads
from pages.ui.music.downloads import downloads, model_downloads
from pages.ui.music.generate import controls, current_take
from pages.ui.music.how_it_works import how_it_works
from pages.ui.music.judgement import judgement_view
from pages.ui.music.models import choose_model, result_of
from pages.ui.music.now_playing import melody_view, now_playing
from pages.ui.music.playing import play_it_yourself
from pages.ui.music.quiz import quiz_view
from pages.ui.music.setup import not_in_link, restore_settings, setup
from pages.ui.music.training_view import training_view
from pages.ui.music.writing import note_take
from pages.ui.session import current_run, owner, platform

TABS = ["Result", "Judgement", "Human or model?", "Take away", "How it works"]

frame()
st.title("Music")
st.markdown(
    "An LSTM trained on real pieces improvises over your chords. Press play to listen; "
    "below, see how much of it is copied, and train your own model."
)
for key in ("music_model", "music_voice"):
    if (given := st.query_params.get(key)) in FORMER_NAMES:
        st.query_params[key] = FORMER_NAMES[given]
copy_link = read_address("music")
read_uploads()
run = current_run("music")
restore_settings(run, result_of(run))

model = choose_model(run)
sound = st.container()
request = controls(model)
play_it_yourself(model, request)
with sound:
    take = current_take(model, request)
    note_take(model, take)
    now_playing(model, take)

st.divider()
left, right = st.columns([1, 2], gap="large")
with left:
    chosen = setup()
    if chosen.started:
        run = platform().store.get(owner(), chosen.started)
with right:
    training_view(run, model, chosen)

tabs = st.tabs(TABS, key=hold("music_tabs", TABS[0], TABS), on_change="rerun")
result, judgement, quiz, files, explanation = tabs
if result.open and take:
    with result:
        melody_view(model, take)
if judgement.open:
    with judgement:
        judgement_view(model)
if quiz.open:
    with quiz:
        quiz_view(model)
if files.open:
    with files:
        if take:
            downloads(model, take)
        model_downloads(model)
if explanation.open:
    with explanation:
        how_it_works()
glossary()
write_address("music", copy_link, *not_in_link())
