"""The left column: the training set, the model and its settings, the Train button."""

from functools import partial

import streamlit as st

from core.emoji import Config
from core.emoji.config import MODELS
from core.emoji.labels import LABELS
from core.emoji.text.corpus import Sentences, shipped
from core.runs import Run
from core.task import bounds_of
from pages.ui.address import restore, set_widgets
from pages.ui.controls import checked, choose, setting, settings_grid
from pages.ui.emoji.files import own_sentences, own_vectors
from pages.ui.emoji.models import ActiveModel, note_begin
from pages.ui.emoji.own_classes import put_classes, written_sentences
from pages.ui.emoji.teach import begin_teaching, taught, taught_any, teach
from pages.ui.intents import intent
from pages.ui.takeaway import load_settings
from pages.ui.training import recall_settings, train

OWN_CLASSES = "Own classes"
SOURCES = {"Shipped": "Built-in", "Upload": "Upload", OWN_CLASSES: OWN_CLASSES}
ABOUT = {
    "best": "A calibrated bidirectional LSTM: of its answers with 80% confidence, 8 in "
    "10 should be correct.",
    "v2": "The classic model: two stacked LSTMs of 128 units; the word vectors are "
    "trained too. The slowest of the three.",
    "small": "For a few sentences of your own classes: the mean of word vectors that "
    "a sentence encoder (MiniLM) has learned, of which rare words may count more. It "
    "also says how sure one may be of it.",
    "v1": "The mean of the word vectors: it ignores the order of the words.",
}
# Title -> numbers, two in a row, and choices, one in a row.
GROUPS = {
    "Learning": (
        ("epochs", "patience", "learning_rate", "batch", "average", "taught", "seed"),
        (),
    ),
    "Network": (("units", "layers", "networks"), ("direction", "pooling", "padding")),
    "Word vectors": ((), ("embedding", "vectors")),
    "Against overfitting": (
        ("dropout", "spatial_dropout", "word_dropout", "smoothing"),
        (),
    ),
    "Answer": ((), ("softmax", "calibration")),
}


def recall(run, result) -> None:
    """Restore a run's settings and taught sentences when it is first shown."""
    recall_settings("emoji", run)
    if result is None or st.session_state.get("emoji_taught_of") == run.id:
        return
    st.session_state["emoji_taught_of"] = run.id
    # Of a sentence that was taught there and here, the label given here counts.
    labels = result.labels
    teach(result.data.taught + taught(labels), labels)
    if labels != LABELS:
        put_classes(result.data)
        restore("emoji", {"source": OWN_CLASSES})
    elif result.data.name != shipped().name:
        st.session_state["emoji_own"] = None, result.data, None
        restore("emoji", {"source": "Upload"})


def setup(active: ActiveModel) -> tuple[bool, Run | None]:
    """Draw the column; return whether training can start, and a run just started."""
    data = _data()
    st.subheader("Model")
    model = choose(
        "Preset",
        MODELS,
        "emoji_model",
        help=bounds_of(Config.__dataclass_fields__["model"]).help,
        on_change=intent("emoji_model", _use_preset),
    )
    st.caption(ABOUT[model])
    go = st.container()
    with st.expander("Settings (hyperparameters)", icon=":material/tune:"):
        values = _hyperparameters(model)
        load_settings(
            "emoji", {"emoji": Config}, lambda _, given: set_widgets("emoji", given)
        )
        if values["vectors"] == "own":
            data = own_vectors(data)
    config = checked(Config, go, model=model, **values)
    if values["softmax"] == "twice":
        go.warning(
            "With two softmaxes no probability can exceed 40%, so no answer will be "
            "called sure. The tab *How it works* explains why.",
            icon=":material/science:",
        )
    ready = config is not None and data is not None
    begun = partial(note_begin, before=active)
    started = train(
        "emoji",
        "emoji",
        config,
        data,
        go,
        ready=ready,
        names=values,
        also=["emoji_retrain"],
        begun=begun,
    )
    return ready, started or begin_teaching(active, begun)


def _data() -> Sentences | None:
    """Draw the choice of the training set; return it with the taught sentences."""
    st.subheader("Data")
    source = choose(
        "Sentences",
        SOURCES,
        "emoji_source",
        help="The training set: the sentences of this project, your own CSV file of "
        "the same five emojis, or classes of your own. Development and test set stay "
        "the same; your own classes have none.",
        on_change=intent("emoji_source", _choose_model),
    )
    if source == OWN_CLASSES:
        data = written_sentences()
    else:
        data = shipped() if source == "Shipped" else own_sentences()
    if source == "Shipped":
        st.caption(f"{len(data.train):,} sentences of five emojis.")
    if data:
        data = data.teach(taught(data.labels))
    if data and len(data.taught):
        st.caption(f":material/school: Plus {len(data.taught)} that you taught.")
    return data


def _hyperparameters(model: str) -> dict:
    standard, values = Config.preset(model).values, {}
    for title, (numbers, choices) in GROUPS.items():
        st.markdown(f"**{title}**")
        if model == "v1" and title == "Network":
            st.caption("v1 has no LSTM: only the number of networks has an effect.")
        if model == "small" and title in ("Network", "Against overfitting"):
            st.caption("small has no LSTM and no dropout: this has no effect.")
        if numbers:
            with settings_grid():
                for name in numbers:
                    values[name] = setting("emoji", Config, name, standard[name])
        for name in choices:
            values[name] = setting("emoji", Config, name, standard[name])
    return values


def _choose_model() -> None:
    """Select the model for few sentences with own classes, and the default without."""
    own = st.session_state["emoji_source"] == OWN_CLASSES
    if own != (st.session_state.get("emoji_model") == "small"):
        restore("emoji", {"model": "small" if own else "best"})
        _use_preset()


def _use_preset() -> None:
    values = Config.preset(st.session_state["emoji_model"]).values
    del values["vectors"]  # no part of a preset
    set_widgets("emoji", values)


def unlinked() -> list[str]:
    """The parts of these settings that a link cannot include."""
    state = st.session_state
    own_file = state["emoji_source"] != "Shipped" or state["emoji_vectors"] == "own"
    taught_some = taught_any()
    return ["your file"] * own_file + ["the sentences that you taught"] * taught_some
