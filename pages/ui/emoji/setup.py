"""The left column: what is learned from, by which model, and the button."""

from typing import NamedTuple

import streamlit as st

from core.emoji import Config
from core.emoji.config import MODELS
from core.emoji.text.corpus import Sentences, shipped
from pages.ui.address import hold, restore, use
from pages.ui.controls import checked, setting
from pages.ui.emoji import taught
from pages.ui.emoji.files import own_sentences, own_vectors
from pages.ui.emoji.models import Voice, note_begin
from pages.ui.training import first_seen, train

SOURCES = ("Shipped", "Upload")
ABOUT = {
    "best": "A calibrated bidirectional LSTM: of its answers with 80% confidence, 8 in "
    "10 should be correct.",
    "v2": "The classic model: two stacked LSTMs of 128 units; the word vectors are "
    "trained too. The slowest of the three.",
    "v1": "The mean of the word vectors: it ignores the order of the words.",
}
# Title -> numbers, which stand in pairs, and choices, which need the whole width.
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
ASKED = "emoji_asked_to_train"


class Request(NamedTuple):
    """What the left column asks for; None where it cannot be had."""

    config: Config | None
    data: Sentences | None

    @property
    def complete(self) -> bool:
        """Whether it can be trained."""
        return self.config is not None and self.data is not None


def recall(run, result) -> None:
    """Take over what a run was asked for, once; and what it was taught."""
    if first_seen("emoji", run):
        restore("emoji", run.settings)
    if (
        run is None
        or result is None
        or st.session_state.get("emoji_taught_of") == run.id
    ):
        return
    st.session_state["emoji_taught_of"] = run.id
    # Of a sentence that was taught there and here, what it was taught here counts.
    taught.teach(result.data.taught + taught.taught())
    if result.data.name != shipped().name:
        st.session_state["emoji_own"] = None, result.data, None
        restore("emoji", {"source": "Upload"})


def setup(voice: Voice) -> tuple[Request, str | None]:
    """Draw the column; return what it asks for, and a run that has just begun."""
    st.subheader("Data")
    source = st.segmented_control(
        "Sentences",
        SOURCES,
        required=True,
        key=hold("emoji_source", SOURCES[0], SOURCES),
        help="The training set: the sentences of this project, or your own CSV file. "
        "Development and test set stay the same.",
        persist_state="session",
    )
    data = shipped() if source == "Shipped" else own_sentences()
    if source == "Shipped":
        st.caption(f"{len(data.train):,} sentences of five emojis.")
    if data:
        data = data.teach(taught.taught())
    if data and len(data.taught):
        st.caption(f":material/school: Plus {len(data.taught)} that you taught.")

    st.subheader("Model")
    model = st.segmented_control(
        "Preset",
        list(MODELS),
        format_func=MODELS.get,
        required=True,
        key=hold("emoji_model", "best", MODELS),
        help=Config.__dataclass_fields__["model"].metadata["bounds"].help,
        on_change=_take_preset,
        persist_state="session",
    )
    st.caption(ABOUT[model])
    go = st.container()
    with st.expander("Hyperparameters", icon=":material/tune:"):
        values = _hyperparameters(model)
        if values["vectors"] == "own":
            data = own_vectors(data)
    config = checked(Config, go, model=model, **values)
    if values["softmax"] == "twice":
        go.warning(
            "With two softmaxes no probability can exceed 40%, so no answer will be "
            "called sure. The tab *How it works* explains why.",
            icon=":material/science:",
        )
    request = Request(config, data)
    started = train(
        "emoji",
        "emoji",
        config,
        data,
        go,
        ready=request.complete,
        help="Starts training with these settings on these sentences.",
        asked=st.session_state.pop(ASKED, False),  # by the button of the editor
    )
    if started:
        note_begin(started, voice)
    return request, started


def ask_for_training() -> None:
    """Do as if Train was pressed, in the next run of the page."""
    st.session_state[ASKED] = True


def _hyperparameters(model: str) -> dict:
    standard, values = Config.preset(model).values, {}
    for title, (numbers, choices) in GROUPS.items():
        st.markdown(f"**{title}**")
        if model == "v1" and title == "Network":
            st.caption("v1 has no LSTM: only the number of networks has an effect.")
        if numbers:
            with st.grid(2, min_column_width=120):
                for name in numbers:
                    values[name] = setting("emoji", Config, name, standard[name])
        for name in choices:
            values[name] = setting("emoji", Config, name, standard[name])
    return values


def _take_preset() -> None:
    values = Config.preset(st.session_state["emoji_model"]).values
    del values["vectors"]  # whose vectors they are is no matter of the preset
    use("emoji", values)


def unlinked() -> list[str]:
    """What a link cannot carry of these settings."""
    state = st.session_state
    own_file = state["emoji_source"] == "Upload" or state["emoji_vectors"] == "own"
    taught_some = len(taught.taught()) > 0
    return ["your file"] * own_file + ["the sentences that you taught"] * taught_some
