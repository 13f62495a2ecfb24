"""Step 4, left column: the data, the settings, and the Train button."""

import dataclasses
from functools import partial

import streamlit as st

from core.lesson import adding, writing
from core.lesson.adding.problem import ALL_CELLS
from core.lesson.cells import CELLS, CELLS_OF
from core.lesson.writing.corpus import MOST_BYTES, Corpus, one_sentence, own_names
from core.task import ConfigError
from pages.ui import address
from pages.ui.address import LONGEST, bind, persistent
from pages.ui.controls import checked, choose, refusals, setting, settings_grid
from pages.ui.intents import button, carry_out, intent
from pages.ui.lesson.texts import PRESETS
from pages.ui.membership import awaits_guess
from pages.ui.takeaway import load_settings
from pages.ui.training import start, train
from pages.ui.words import setting_text

TITLES = {"text": "Writing", "adding": "Adding problem"}
SETTINGS = {"text": writing.Config, "adding": adding.Config}
TEXTS = NAMES, SENTENCE, OWN = "Names", "One sentence", "Own text"
PRESET_TEXTS = {"Invent names": NAMES, "Memorise one sentence": SENTENCE}
UNUSED = {  # settings that do nothing to a network that learns to write
    "rnn": {"forget_bias"},
    "mingru": {"recurrent_scale", "recurrence"},
}
FOUR = "Four networks, equal parameters"
NO_PRESET = "Own settings"


def belongs_to(page: str):
    """Return the test of whether a run is shown on a page."""
    return lambda run: (
        run.task == "adding"
        or (run.task == "text" and run.settings["cell"] in CELLS_OF[page])
    )


def in_widgets(page: str, run) -> dict:
    """The settings of a run, its task and its text, by the names of their widgets."""
    values = {"task": run.task} | _of_page(page, run.settings)
    if run.task == "text" and run.title in TEXTS:
        values["data"] = run.title
    return values


def setup(page: str, cell: str):
    """Draw the settings; return the task, and the run if one has just begun."""
    task = choose(
        "Task",
        TITLES,
        f"{page}_task",
        help="Writing: predict the next character of a text. Adding problem: add two "
        "numbers that are far apart in a sequence.",
        on_change=intent(f"{page}_task", _use_preset, page),
    )
    corpus = _corpus(page) if task == "text" else None
    if task == "adding":
        st.caption(
            "Two numbers of a sequence are marked, and the network has to output their "
            "sum after the last step. Two or four networks train side by side on the "
            "same sequences."
        )
    preset, defaults = _choose_preset(page, cell, task)
    kind, button = SETTINGS[task], st.container()
    with st.expander("Settings (hyperparameters)", icon=":material/tune:"):
        with settings_grid():
            values = {
                name: setting(page, kind, name, defaults[name])
                for name in _names(cell, kind)
            }
        load_settings(page, SETTINGS, partial(_load, page))
    fixed = {"cell": cell} if task == "text" else {}
    config = checked(kind, button, **fixed, **values)
    ready = config is not None and (task == "adding" or corpus is not None)
    style = "primary" if awaits_guess() else "secondary"  # Play is the first button
    started = train(
        page, task, config, corpus, button, ready=ready, names=values, type=style
    )
    if preset != NO_PRESET:
        button.caption(_changes(preset, defaults, values))
    if page == "gru" and task == "text":
        _train_all(config, corpus, button, ready)
    return task, started


def _choose_preset(page: str, cell: str, task: str) -> tuple[str, dict]:
    """Draw the presets; return the chosen one with its settings."""
    kind = SETTINGS[task]
    presets = [*_presets(page, cell, kind), NO_PRESET]
    key = bind(f"{page}_recipe_{task}", presets[0], presets)
    if _other_text(page, task, st.session_state[key]):
        address.set_widget(key, NO_PRESET)
    preset = st.selectbox(
        "Preset",
        presets,
        **persistent(key),
        help="Changes all settings. Some presets fail on purpose, to show why.",
        on_change=intent(key, _use_preset, page, True),
    )
    if preset == NO_PRESET:
        return preset, _preset_values(page, kind, presets[0])
    if not awaits_guess():  # it tells the answer
        st.caption(PRESETS[task][preset])
    return preset, _preset_values(page, kind, preset)


def _train_all(config, corpus, place, ready: bool) -> None:
    """Draw the button that trains every cell, and opens their comparison."""
    button(
        "Train all four cells",
        "gru_train_all",
        draw=place.button,
        icon=":material/compare_arrows:",
        width="stretch",
        disabled=not ready,
        help="Four trainings with the same settings, seed and text: RNN, LSTM, GRU and "
        "minGRU, each with as many parameters as an LSTM of this many units. Opens "
        "their comparison.",
    )
    if ready:
        carry_out("gru_train_all", _start_all, config, corpus)


def _start_all(config, corpus) -> address.Link:
    configs = (
        dataclasses.replace(config, cell=name, equal="parameters") for name in CELLS
    )
    started = [start("text", each, corpus) for each in configs]
    return address.Link("compare", f"runs={','.join(started)}")


def _corpus(page: str) -> Corpus | None:
    """The text to train on, or None if it is missing or not valid."""
    source = choose(
        "Text",
        TEXTS,
        f"{page}_data",
        place=st.container(key="first_choice"),
        help="7,834 first names, one sentence to memorise, or a text of your own.",
    )
    if source == SENTENCE:
        st.caption(f"“{one_sentence().text}”")
        return one_sentence()
    if source == NAMES:
        st.caption("7,834 first names. Every tenth is held out for validation.")
        return own_names()
    return _own_text(page)


def _own_text(page: str) -> Corpus | None:
    """The typed or pasted text, or None if it is invalid."""
    pasted = st.text_area(
        "Your text",
        **persistent(bind(f"{page}_text", "", high=MOST_BYTES)),
        height=150,
        max_chars=MOST_BYTES,
        placeholder="A passage, or a list of names, one per line",
        help="At most 200 kB. If all lines are short, each line is one example; "
        "otherwise the text is read as a passage. A tenth is held out for validation.",
    )
    if not pasted:
        st.caption(
            "Paste a text to train on. It is stored with your run. Up to "
            f"{LONGEST:,} characters are part of this page's address; a longer text "
            "stays on the server, so that you can reload the page."
        )
        return None
    with refusals():
        corpus = Corpus.from_text(pasted)
        manner = f"{len(corpus.lines):,} names" if corpus.is_names else "a passage"
        st.caption(
            f"Read as {manner}: {len(corpus.text):,} characters, "
            f"{len(corpus.characters)} of them different."
        )
        return corpus
    return None


def _use_preset(page: str, with_text: bool = False) -> None:
    """Set the widgets to the chosen task's preset, and its text, if any."""
    task = st.session_state[f"{page}_task"]
    kind = SETTINGS[task]
    first = FOUR if (page, task) == ("gru", "adding") else next(iter(kind.presets))
    name = st.session_state.get(f"{page}_recipe_{task}") or first
    if name == NO_PRESET:
        return
    values = _preset_values(page, kind, name)
    if with_text and name in PRESET_TEXTS:
        values["data"] = PRESET_TEXTS[name]
    address.set_widgets(page, values)


def _load(page: str, task: str, values) -> None:
    """Set the widgets to settings of a file, with their task."""
    other = values.get("cell", CELLS_OF[page][0])
    if other not in CELLS_OF[page]:
        raise ConfigError(
            f"Settings: expected those of the {page.upper()}, got those of the "
            f"{CELLS[other].title}. Load them on its page."
        )
    address.set_widgets(page, {"task": task} | _of_page(page, values))


def _of_page(page: str, values) -> dict:
    """The settings without the cell, where the page determines it."""
    if len(CELLS_OF[page]) > 1:
        return dict(values)
    return {name: value for name, value in values.items() if name != "cell"}


def _preset_values(page: str, kind, preset: str) -> dict:
    """The settings of a preset, without the cell; the GRU's page has four networks."""
    values = {n: v for n, v in kind.preset(preset).values.items() if n != "cell"}
    if (page, kind) == ("gru", adding.Config):
        values["cells"] = ALL_CELLS
    return values


def _changes(preset: str, defaults, values) -> str:
    """The differences from the preset in words."""
    changed = [
        f"{name.replace('_', ' ')} {setting_text(value)}"
        for name, value in values.items()
        if value != defaults[name]
    ]
    if not changed:
        return "All settings are those of the preset."
    return f"Changed from the preset “{preset}”: {', '.join(changed)}."


def _other_text(page: str, task: str, preset: str) -> bool:
    """Whether the chosen text is another one than the preset's."""
    text = st.session_state.get(f"{page}_data")
    return task == "text" and text != PRESET_TEXTS.get(preset, text)


def _presets(page: str, cell: str, kind) -> list[str]:
    """The presets that apply to this network; on the GRU's page four come first."""
    if kind is adding.Config:
        return sorted(kind.presets, key=lambda name: (page, name) != ("gru", FOUR))
    unused = UNUSED.get(cell, set())
    return [name for name, more in kind.presets.items() if unused.isdisjoint(more)]


def _names(cell: str, kind) -> list[str]:
    """The settings that apply to this network."""
    hidden = {"cell"}
    if kind is writing.Config:
        hidden |= UNUSED.get(cell, set())
    return [item.name for item in dataclasses.fields(kind) if item.name not in hidden]
