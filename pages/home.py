import streamlit as st

from pages.ui.frame import frame
from pages.ui.home import unrolled_network, workers

frame()

st.title("Unrolled")
st.markdown(
    "**Watch recurrent networks learn.** Choose data, set the hyperparameters, press "
    "Train, and follow each epoch live, with an honest evaluation at the end."
)
unrolled_network(key="home_network")

with st.grid(2, min_column_width=300):
    with st.container(border=True):
        st.subheader(":material/repeat: RNN")
        st.markdown(
            "The simplest recurrent network. Follow every multiplication in its cell, "
            "change any weight, and watch the gradient vanish in the backward pass."
        )
        st.page_link(
            "pages/rnn.py", label="Open the RNN", icon=":material/arrow_forward:"
        )
    with st.container(border=True):
        st.subheader(":material/memory: LSTM")
        st.markdown(
            "Three gates and a second state keep information that the RNN loses. See "
            "each gate at work, and check every gradient against finite differences."
        )
        st.page_link(
            "pages/lstm.py", label="Open the LSTM", icon=":material/arrow_forward:"
        )
    with st.container(border=True):
        st.subheader(":material/candlestick_chart: Prices")
        st.markdown(
            "An LSTM forecasts the next day's price, with intervals. It is compared "
            "with the simplest forecast of all: the last known price."
        )
        st.page_link(
            "pages/stock.py", label="Train on prices", icon=":material/arrow_forward:"
        )
    with st.container(border=True):
        st.subheader(":material/mood: Emoji")
        st.markdown(
            "Type a sentence, and an LSTM answers with an emoji as you type. See which "
            "words mattered, teach it new sentences, and see which answers change."
        )
        st.page_link(
            "pages/emoji.py", label="Type a sentence", icon=":material/arrow_forward:"
        )
    with st.container(border=True):
        st.subheader(":material/music_note: Music")
        st.markdown(
            "An LSTM improvises over your chords. Listen to it, see how much of it is "
            "copied, download the MIDI file, and train one on your own pieces."
        )
        st.page_link(
            "pages/music.py", label="Listen to it", icon=":material/arrow_forward:"
        )
    with st.container(border=True):
        st.subheader(":material/history: Runs")
        st.markdown(
            "Everything you trained in this browser, with settings and results. "
            "Training continues when you close the page."
        )
        st.page_link(
            "pages/runs.py", label="See your runs", icon=":material/arrow_forward:"
        )

workers()
