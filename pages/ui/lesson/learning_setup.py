"""Step 4, left column: the data, the settings, and the Train button."""

import dataclasses
from functools import partial

import streamlit as st

from core.lesson import adding, writing
from core.lesson.writing.corpus import MOST_BYTES, Corpus, one_sentence, own_names
from core.task import ConfigError, UserError
from pages.ui import address
from pages.ui.address import LONGEST, hold
from pages.ui.controls import checked, setting
from pages.ui.search.setup import search_expander
from pages.ui.session import owner, platform
from pages.ui.takeaway import load_settings
from pages.ui.training import recall_settings, train
from pages.ui.words import as_text, setting_text

TITLES = {"text": "Writing", "adding": "Adding problem"}
SETTINGS = {"text": writing.Config, "adding": adding.Config}
TEXTS = NAMES, SENTENCE, OWN = "Names", "One sentence", "Own text"
PRESET_TEXTS = {"Invent names": NAMES, "Memorise one sentence": SENTENCE}
LSTM_ONLY = "forget_bias"


def belongs_to(cell: str):
    """Return what tells whether a run is shown on the page of a network."""
    return lambda run: (
        run.task == "adding" or (run.task == "text" and run.settings["cell"] == cell)
    )


def recall(cell: str, run) -> None:
    """Put a run's settings into the widgets when it is first shown."""
    if run is None:
        return
    recall_settings(cell, run, in_widgets(run))


def in_widgets(run) -> dict:
    """The settings of a run, its task and its text, by the names of their widgets."""
    values = {"task": run.task} | _without_cell(run.settings)
    if run.task == "text" and run.title in TEXTS:
        values["data"] = run.title
    return values


def setup(cell: str):
    """Draw the settings; return the task, and the run if one has just begun."""
    st.subheader("Data")
    task = st.segmented_control(
        "Task",
        list(TITLES),
        format_func=TITLES.get,
        required=True,
        key=hold(f"{cell}_task", "text", TITLES),
        help="Writing: predict the next character of a text. Adding problem: add two "
        "numbers that are far apart in a sequence.",
        on_change=_use_preset,
        args=(cell,),
        persist_state="session",
    )
    corpus = _corpus(cell) if task == "text" else None
    if task == "adding":
        st.caption(
            "Two numbers of a sequence are marked, and the network has to output their "
            "sum after the last step. An RNN and an LSTM train side by side on the "
            "same sequences."
        )
    st.subheader("Model")
    kind = SETTINGS[task]
    presets = _presets(cell, kind)
    preset = st.selectbox(
        "Preset",
        presets,
        key=hold(f"{cell}_recipe_{task}", presets[0], presets),
        help="Sets all hyperparameters. Some presets fail on purpose, to show why.",
        on_change=_use_preset,
        args=(cell, True),
        persist_state="session",
    )
    defaults = kind.preset(preset).values
    button = st.container()
    with st.expander("Hyperparameters", icon=":material/tune:"):
        with st.grid(2, min_column_width=120):
            values = {
                name: setting(cell, kind, name, defaults[name])
                for name in _names(cell, kind)
            }
        load_settings(cell, SETTINGS, partial(_load, cell))
    fixed = {"cell": cell} if task == "text" else {}
    button.caption(_changes(cell, preset, defaults, values))
    config = checked(kind, button, **fixed, **values)
    ready = config is not None and (task == "adding" or corpus is not None)
    started = train(
        cell,
        task,
        config,
        corpus,
        button,
        ready=ready,
        help="Starts training with these settings.",
    )
    search_expander(cell, task, config, corpus, names=values, ready=ready)
    return task, platform().store.get(owner(), started) if started else None


def _corpus(cell: str) -> Corpus | None:
    """The text to train on, or None if there is none or it is not valid."""
    source = st.segmented_control(
        "Text",
        TEXTS,
        required=True,
        key=hold(f"{cell}_data", NAMES, TEXTS),
        help="7,834 first names, one sentence to memorise, or a text of your own.",
        persist_state="session",
    )
    if source == SENTENCE:
        st.caption(f"“{one_sentence().text}”")
        return one_sentence()
    if source == NAMES:
        st.caption(
            "7,834 first names from many languages; the network learns to invent new "
            "ones. Every tenth name is held out for validation."
        )
        return own_names()
    pasted = st.text_area(
        "Your text",
        key=hold(f"{cell}_text", "", high=MOST_BYTES),
        height=150,
        max_chars=MOST_BYTES,
        placeholder="A passage, or a list of names, one per line",
        help="At most 200 kB. If all lines are short, each line is one example; "
        "otherwise the text is read as a passage. A tenth is held out for validation.",
        persist_state="session",
    )
    if not pasted:
        st.caption(
            "Paste a text to train on. It is stored with your run. Up to "
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
        f"{len(corpus.characters)} of them different."
    )
    return corpus


def _use_preset(cell: str, with_text: bool = False) -> None:
    """Put the chosen task's preset into the widgets, and its text if it has one."""
    task = st.session_state[f"{cell}_task"]
    kind = SETTINGS[task]
    name = st.session_state.get(f"{cell}_recipe_{task}") or next(iter(kind.presets))
    values = _without_cell(kind.preset(name).values)
    if with_text and name in PRESET_TEXTS:
        values["data"] = PRESET_TEXTS[name]
    address.use(cell, values)


def _load(cell: str, task: str, values) -> None:
    """Put settings of a file into the widgets, with their task."""
    other = values.get("cell", cell)
    if other != cell:
        raise ConfigError(
            f"Settings: expected those of the {cell.upper()}, got those of the "
            f"{other.upper()}. Load them on its page."
        )
    address.use(cell, {"task": task} | _without_cell(values))


def _without_cell(values) -> dict:
    """The settings without the network, which the page determines."""
    return {name: value for name, value in values.items() if name != "cell"}


def _changes(cell: str, preset: str, defaults, values) -> str:
    """What differs from the preset, including its text, in words."""
    changed = [
        f"{name.replace('_', ' ')} {setting_text(value)}"
        for name, value in values.items()
        if value != defaults[name]
    ]
    text = st.session_state.get(f"{cell}_data")
    if text != PRESET_TEXTS.get(preset, text):
        changed.insert(0, f"text “{text}”")
    if not changed:
        return "All settings are those of the preset."
    return f"Changed from the preset: {', '.join(changed)}."


def _presets(cell: str, kind) -> list[str]:
    """The presets that apply to this network."""
    if cell == "lstm" or kind is adding.Config:
        return list(kind.presets)
    return [name for name, changes in kind.presets.items() if LSTM_ONLY not in changes]


def _names(cell: str, kind) -> list[str]:
    """The settings that apply to this network."""
    hidden = {"cell"}
    if cell == "rnn" and kind is writing.Config:
        hidden.add(LSTM_ONLY)
    return [item.name for item in dataclasses.fields(kind) if item.name not in hidden]
