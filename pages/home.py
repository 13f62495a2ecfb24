import streamlit as st

from pages.ui.frame import frame
from pages.ui.home import unrolled_network, workers
from pages.ui.path.start import start_here

frame()

st.title("Unrolled")
st.markdown(
    "**Watch recurrent networks learn.** Choose data, set the hyperparameters, press "
    "Train, and follow each epoch live, with an honest evaluation at the end."
)
start_here()
unrolled_network(key="home_network")

CARDS = (
    (
        "rnn",
        ":material/repeat: RNN",
        "The simplest recurrent network. Follow every multiplication in its cell, "
        "change any weight, and watch the gradient vanish in the backward pass.",
        "Open the RNN",
    ),
    (
        "lstm",
        ":material/memory: LSTM",
        "Three gates and a second state keep information that the RNN loses. See "
        "each gate at work, and check every gradient against finite differences.",
        "Open the LSTM",
    ),
    (
        "gru",
        ":material/adjust: GRU",
        "One state and two gates, with fewer weights than the LSTM; and the minGRU of "
        "2024, all of whose steps can be computed at once. Four cells in comparison.",
        "Open the GRU",
    ),
    (
        "stock",
        ":material/candlestick_chart: Prices",
        "An LSTM forecasts the next day's price, with intervals. It is compared "
        "with the simplest forecast of all: the last known price.",
        "Train on prices",
    ),
    (
        "emoji",
        ":material/mood: Emoji",
        "Type a sentence, and an LSTM answers with an emoji as you type. See which "
        "words mattered, teach it new sentences, and see which answers change.",
        "Type a sentence",
    ),
    (
        "music",
        ":material/music_note: Music",
        "An LSTM improvises over your chords. Listen to it, see how much of it is "
        "copied, download the MIDI file, and train one on your own pieces.",
        "Listen to it",
    ),
    (
        "runs",
        ":material/history: Runs",
        "Everything you trained in this browser, with settings and results. "
        "Training continues when you close the page.",
        "See your runs",
    ),
)
with st.grid(2, min_column_width=300):
    for name, heading, text, label in CARDS:
        with st.container(border=True):
            st.subheader(heading)
            st.markdown(text)
            st.page_link(
                f"pages/{name}.py", label=label, icon=":material/arrow_forward:"
            )

workers()
