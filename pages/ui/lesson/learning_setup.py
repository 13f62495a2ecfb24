"""Step 4, left: what is learned, with which settings, and the button."""

import dataclasses

import streamlit as st

from core.lesson import adding, text
from core.lesson.corpus import MOST_BYTES, Corpus, one_sentence, own_names
from core.task import UserError
from pages.ui import address
from pages.ui.address import LONGEST, hold
from pages.ui.controls import checked, setting
from pages.ui.session import owner, platform
from pages.ui.training import first_seen, train
from pages.ui.words import as_text, setting_text

TASKS = {"text": "Writing", "adding": "Adding problem"}
ROOMS = {"text": text, "adding": adding}
TEXTS = NAMES, SENTENCE, OWN = "Names", "One sentence", "Own text"
SENTENCE_PRESET = "Memorise one sentence"
LSTM_ONLY = "forget_bias"


def belongs(cell: str):
    """Tell which runs the page of a network shows."""

    def tell(run) -> bool:
        return run.task == "adding" or (
            run.task == "text" and run.settings["cell"] == cell
        )

    return tell


def recall(cell: str, run) -> None:
    """Put a run's settings into the widgets, once."""
    if not first_seen(cell, run):
        return
    values = {"task": run.task} | _shown(run.settings)
    if run.task == "text" and run.title in TEXTS:
        values["data"] = run.title
    address.restore(cell, values)


def setup(cell: str):
    """Draw the settings; return the task, and the run if one has just begun."""
    st.subheader("Data")
    task = st.segmented_control(
        "Task",
        list(TASKS),
        format_func=TASKS.get,
        required=True,
        key=hold(f"{cell}_task", "text", TASKS),
        help="To write one character after the other, or to add two numbers that are "
        "far apart.",
        on_change=_take_preset,
        args=(cell,),
        persist_state="session",
    )
    corpus = _corpus(cell) if task == "text" else None
    if task == "adding":
        st.caption(
            "Of a row of numbers two are marked; their sum is asked for at the end. "
            "The RNN and the LSTM learn side by side, from the same sequences."
        )
    st.subheader("Model")
    kind = ROOMS[task].Config
    presets = _presets(cell, kind)
    preset = st.selectbox(
        "Preset",
        presets,
        key=hold(f"{cell}_recipe_{task}", presets[0], presets),
        help="Sets all hyperparameters. Some are broken on purpose.",
        on_change=_take_preset,
        args=(cell,),
        persist_state="session",
    )
    standard = kind.preset(preset)
    go = st.container()
    with (
        st.expander("Hyperparameters", icon=":material/tune:"),
        st.grid(2, min_column_width=120),
    ):
        values = {
            name: setting(cell, kind, name, standard.values[name])
            for name in _names(cell, kind)
        }
    fixed = {"cell": cell} if task == "text" else {}
    go.caption(_changes(standard, values))
    config = checked(kind, go, **fixed, **values)
    started = train(
        cell,
        task,
        config,
        corpus,
        go,
        ready=config is not None and (task == "adding" or corpus is not None),
        help="Starts a training with these settings.",
    )
    return task, platform().store.get(owner(), started) if started else None


def _corpus(cell: str) -> Corpus | None:
    """The text to learn from, or None while there is none that can be used."""
    source = st.segmented_control(
        "Text",
        TEXTS,
        required=True,
        key=hold(f"{cell}_data", NAMES, TEXTS),
        help="7,834 first names, one sentence to learn by heart, or a text of yours.",
        persist_state="session",
    )
    if source == SENTENCE:
        st.caption(f"“{one_sentence().text}”")
        return one_sentence()
    if source == NAMES:
        st.caption("7,834 first names of many languages. It learns to invent new ones.")
        return own_names()
    pasted = st.text_area(
        "Your text",
        key=hold(f"{cell}_text", "", high=MOST_BYTES),
        height=150,
        max_chars=MOST_BYTES,
        placeholder="A passage, or a list of names, one a line",
        help="At most 200 kB. Lists with short lines are learned line by line.",
        persist_state="session",
    )
    if not pasted:
        st.caption(
            "Paste a text to learn from. It is kept with your run. Up to "
            f"{LONGEST:,} characters are part of this page's address; a longer text "
            "stays on the server, so that you can reload the page."
        )
        return None
    try:
        corpus = Corpus.from_text(pasted)
    except UserError as error:
        st.error(as_text(str(error)), icon=":material/error:")
        return None
    manner = f"{len(corpus.lines):,} names" if corpus.is_names else "a passage"
    st.caption(
        f"Read as {manner}: {len(corpus.text):,} characters, "
        f"{len(corpus.characters)} different ones."
    )
    return corpus


def _take_preset(cell: str) -> None:
    """Put the chosen task's preset into the widgets."""
    task = st.session_state[f"{cell}_task"]
    kind = ROOMS[task].Config
    name = st.session_state.get(f"{cell}_recipe_{task}") or next(iter(kind.presets))
    values = _shown(kind.preset(name).values)
    if name == SENTENCE_PRESET:
        values["data"] = SENTENCE
    address.use(cell, values)


def _shown(values) -> dict:
    """The settings that have a widget."""
    return {name: value for name, value in values.items() if name != "cell"}


def _changes(preset, values) -> str:
    """What is no longer as the preset has it, in words."""
    changed = ", ".join(
        f"{name.replace('_', ' ')} {setting_text(value)}"
        for name, value in values.items()
        if value != preset.values[name]
    )
    return f"Changed: {changed}." if changed else "As the preset has it."


def _presets(cell: str, kind) -> list[str]:
    """The presets that mean something to this network."""
    if cell == "lstm" or kind is adding.Config:
        return list(kind.presets)
    return [name for name, changes in kind.presets.items() if LSTM_ONLY not in changes]


def _names(cell: str, kind) -> list[str]:
    """The settings that mean something to this network."""
    hidden = {"cell"}
    if cell == "rnn" and kind is text.Config:
        hidden.add(LSTM_ONLY)
    return [item.name for item in dataclasses.fields(kind) if item.name not in hidden]
