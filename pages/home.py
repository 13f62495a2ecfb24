import streamlit as st

from pages.ui.frame import frame
from pages.ui.unrolled import unrolled_network
from pages.ui.workers import workers

frame()

st.title("Unrolled")
st.markdown(
    "**Watch recurrent networks learn.** Choose data, set the hyperparameters, press "
    "Train, and see each epoch as it happens, with an honest word on what came of it."
)
unrolled_network(key="home_network")

with st.grid(2, min_column_width=300):
    with st.container(border=True):
        st.subheader(":material/repeat: RNN")
        st.markdown(
            "The plainest network with a memory. Follow every product in its cell, "
            "change any weight, and watch the past fade on the way back."
        )
        st.page_link(
            "pages/rnn.py", label="Open the RNN", icon=":material/arrow_forward:"
        )
    with st.container(border=True):
        st.subheader(":material/memory: LSTM")
        st.markdown(
            "Three gates and a second state keep what the RNN forgets. See each gate "
            "at work, and check every gradient against finite differences."
        )
        st.page_link(
            "pages/lstm.py", label="Open the LSTM", icon=":material/arrow_forward:"
        )
    with st.container(border=True):
        st.subheader(":material/candlestick_chart: Prices")
        st.markdown(
            "An LSTM forecasts tomorrow's price and says how sure it is. Beside it "
            "stands the simplest forecast of all: yesterday's price."
        )
        st.page_link(
            "pages/stock.py", label="Train on prices", icon=":material/arrow_forward:"
        )
    with st.container(border=True):
        st.subheader(":material/mood: Emoji")
        st.markdown(
            "Type a sentence, and an LSTM answers with an emoji as you type. See which "
            "words mattered, teach it, and watch which answers flip."
        )
        st.page_link(
            "pages/emoji.py", label="Type a sentence", icon=":material/arrow_forward:"
        )
    with st.container(border=True):
        st.subheader(":material/music_note: Music")
        st.markdown(
            "An LSTM improvises over your chords. Hear it, see how much of it is "
            "copied, take the MIDI away, and train one on pieces of your own."
        )
        st.page_link(
            "pages/music.py", label="Hear it play", icon=":material/arrow_forward:"
        )
    with st.container(border=True):
        st.subheader(":material/history: Runs")
        st.markdown(
            "Everything you trained in this browser: its settings, its result, and "
            "the way back to it. Trainings go on when you close the page."
        )
        st.page_link(
            "pages/runs.py", label="See your runs", icon=":material/arrow_forward:"
        )

workers()
