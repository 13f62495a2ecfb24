import streamlit as st

from core.registry import get_task
from pages.ui.address import target_of
from pages.ui.frame import frame, tasks_without_script
from pages.ui.home import pictures_move, workers
from pages.ui.name_writer import name_writer
from pages.ui.path.start import start_here
from pages.ui.previews import preview

frame()

st.title("Unrolled")
st.markdown(
    "**Watch recurrent networks learn.** They read one letter, word or day at a time, "
    "and each one changes their memory. From this memory they guess what comes next."
)
with st.container(
    horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
):
    start_here()
    moving = pictures_move()

name_writer()

CARDS = (
    (
        "rnn",
        ":material/repeat: RNN",
        "The simplest recurrent network: every multiplication in its cell, and the "
        "gradient that vanishes on the way back.",
        "Open the RNN",
    ),
    (
        "lstm",
        ":material/memory: LSTM",
        "Three gates and a second state keep what the RNN loses. Every gradient is "
        "checked against finite differences.",
        "Open the LSTM",
    ),
    (
        "gru",
        ":material/adjust: GRU",
        "One state and two gates; and the minGRU of 2024, all of whose steps can be "
        "computed at once. Four cells compared.",
        "Open the GRU",
    ),
    (
        "stock",
        ":material/candlestick_chart: Prices",
        "LSTMs forecast prices and their risk at four horizons, and are compared with "
        "the last known price and with classical models.",
        "Train on prices",
    ),
    (
        "emoji",
        ":material/mood: Emoji",
        "Type a sentence, and an LSTM answers with an emoji as you type. See which "
        "words mattered, and teach it new sentences.",
        "Type a sentence",
    ),
    (
        "music",
        ":material/music_note: Music",
        "An LSTM chooses a melody over your chords, and rules arrange it. See how much "
        "of it is copied, and train one on your own pieces.",
        "Listen to it",
    ),
    (
        "runs",
        ":material/history: Runs",
        "Everything you trained in this browser, with settings and results. "
        "Training continues when you close the page.",
        "See your runs",
    ),
    (
        "classes",
        ":material/groups: Class",
        "Join a class with its code, or start one: watch the trainings of your "
        "students, set tasks, and ask questions.",
        "Start or join a class",
    ),
    (
        "became",
        ":material/history_edu: What became of RNNs",
        "Attention, state-space models, minGRU: the successors of recurrent networks, "
        "and how they follow from the networks here.",
        "Read about the successors",
    ),
)
with st.grid(3, min_column_width=300):
    for name, heading, text, label in CARDS:
        with st.container(border=True, gap="small", height="stretch"):
            preview(name, moving=moving)
            st.subheader(heading)
            st.markdown(text)
            st.page_link(
                f"pages/{name}.py", label=label, icon=":material/arrow_forward:"
            )
    for name in tasks_without_script():
        with st.container(border=True, gap="small", height="stretch"):
            st.subheader(f":material/model_training: {get_task(name).TITLE}")
            st.markdown(get_task(name).ABOUT)
            arrow = ":material/arrow_forward:"
            st.page_link(target_of(name), label="Train it", icon=arrow)

workers()
