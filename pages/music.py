import streamlit as st

from pages.ui.address import read_address, write_address
from pages.ui.frame import frame
from pages.ui.glossary import glossary
from pages.ui.music.ask import ask
from pages.ui.music.files import keep_files
from pages.ui.music.heard import heard
from pages.ui.music.models import choose_voice, result_of
from pages.ui.music.setup import recall, setup, unlinked
from pages.ui.music.stage import stage
from pages.ui.music.tabs import tabs
from pages.ui.music.takes import played
from pages.ui.session import current_run, owner, platform

frame()
st.title("Music")
st.markdown(
    "An LSTM trained on real pieces improvises over your chords. Press play to listen; "
    "below, see how much of it is copied, and train your own model."
)
place = read_address("music")
keep_files()
run = current_run("music")
recall(run, result_of(run))

voice = choose_voice(run)
sound = st.container()
request = ask(voice)
with sound:
    now = played(voice, request)
    heard(voice, now)

st.divider()
column, right = st.columns([1, 2], gap="large")
with column:
    made = setup()
    if made.started:
        run = platform().store.get(owner(), made.started)
with right:
    stage(run, voice, made)

tabs(voice, now)
glossary()
write_address("music", place, *unlinked())
