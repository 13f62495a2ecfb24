"""Classes of a person's own: written in boxes, pasted, uploaded, or from a starter."""

from collections.abc import Callable

import streamlit as st

from core.emoji.judging.cross_validation import CrossValidation, advice
from core.emoji.labels import Labels, NewLabels
from core.emoji.own_classes import (
    MAX_CLASSES,
    MIN_CLASSES,
    MIN_SENTENCES,
    STARTERS,
    own_sentences,
    read_pasted,
    starter,
)
from core.emoji.text.corpus import Sentences
from core.emoji.text.rows import Rows, read_csv
from core.task import DataError
from pages.ui.address import persistent
from pages.ui.charts import metric
from pages.ui.intents import button, intent, once_a_press
from pages.ui.words import as_text, refusal

BOXES, REPLACED = "emoji_class_boxes", "emoji_class_replaced"
NAME, SENTENCES = "emoji_class_name_{}", "emoji_class_sentences_{}"
EMPTY = "Empty"
LONGEST_TITLE = 60
PLACEHOLDER = "One sentence a line.\nAt least 8 of them; 20 are better."


def written_sentences() -> Sentences | None:
    """The sentences of the boxes, with a message where they are too few."""
    if not any(text.strip() for _, text in _written()):
        st.info(
            f"Write {MIN_SENTENCES} sentences or more for each of your emojis in "
            "[Your classes](#your-classes), or begin there from a starter set.",
            icon=":material/edit_note:",
        )
        return None
    try:
        rows, labels = _read(_written())
        names = ", ".join(label.name for label in labels)
        data = own_sentences(f"Own classes: {names}"[:LONGEST_TITLE], rows, labels)
    except DataError as error:
        st.info(refusal("own classes", error), icon=":material/edit_note:")
        return None
    st.caption(f"{len(data.train):,} sentences of {len(labels)} classes of your own.")
    return data


def _read(boxes: list[tuple[str, str]]) -> tuple[Rows, tuple]:
    found, pairs = NewLabels(), []
    for number, (name, text) in enumerate(boxes, start=1):
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if not (lines or name.strip()):
            continue
        index = found.parse(name, f"Class {number}")
        pairs += [(line, index) for line in lines]
    return Rows.of(pairs), found.labels


def own_classes_view() -> None:
    """Draw the boxes, and the ways to fill them."""
    st.subheader("Your classes", anchor="your-classes")
    st.markdown(
        f"{MIN_CLASSES} to {MAX_CLASSES} classes: an emoji, a word, or both. Each "
        f"needs at least {MIN_SENTENCES} sentences, one a line."
    )
    _begin_view()
    with st.grid(2, min_column_width=240):
        for number, box in enumerate(_boxes(), start=1):
            with st.container(border=True):
                _box(number, box)
    with st.expander("Paste or upload many", icon=":material/content_paste:"):
        _many_view()


def _begin_view() -> None:
    """Draw the buttons that fill all boxes, or add one."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            "Begin from",
            [EMPTY, *STARTERS],
            format_func=lambda name: STARTERS.get(name, name),
            **persistent("emoji_class_starter"),
            help="Fills the boxes with a set of sentences of this project, or empties "
            "them. What was there can be brought back.",
            on_change=intent("emoji_class_starter", _begin),
            width=220,
        )
        button(
            "Add a class",
            "emoji_class_add",
            _add_box,
            icon=":material/add:",
            disabled=len(_boxes()) >= MAX_CLASSES,
            help="Adds an empty box.",
        )
        if st.session_state.get(REPLACED):
            button(
                "Bring back",
                "emoji_class_undo",
                lambda: _replace(st.session_state[REPLACED]),
                icon=":material/undo:",
                type="tertiary",
                help="Brings back the boxes as they were before the last change.",
            )


def _many_view() -> None:
    """Draw the inputs that add sentences to the boxes of their classes."""
    st.text_area(
        "Lines of a label, a tab and a sentence",
        **persistent("emoji_class_paste"),
        height=120,
        placeholder="rain\tit is pouring again\nsun\tnot a cloud in the sky",
        help="They are added to the boxes.",
    )
    icon = ":material/add:"
    button("Add these", "emoji_class_paste_add", _add_pasted, icon=icon)
    st.file_uploader(
        "CSV file of sentences and labels",
        type=["csv", "txt"],
        max_upload_size=5,
        key="emoji_class_upload",
        help="Columns text and label; a label is any word or emoji. Its sentences are "
        "added to the boxes.",
        on_change=intent("emoji_class_upload", _add_file),
    )


def _box(number: int, box: int) -> None:
    """Draw one class: its name, its sentences, and how many are missing."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            f"Class {number}",
            **persistent(NAME.format(box)),
            placeholder="☂️ rain, or a word",
            help="An emoji, a word, or an emoji and words.",
        )
        button(
            "",
            f"emoji_class_remove_{box}",
            _remove_box,
            box,
            icon=":material/delete:",
            type="tertiary",
            help=f"Removes class {number} and its sentences.",
        )
    text = st.text_area(
        f"Sentences of class {number}",
        **persistent(SENTENCES.format(box)),
        height=150,
        placeholder=PLACEHOLDER,
        label_visibility="collapsed",
    )
    count = sum(bool(line.strip()) for line in text.splitlines())
    missing = MIN_SENTENCES - count
    st.caption(
        f"{count} sentences" + (f", {missing} more needed" if missing > 0 else "")
    )


def put_classes(data: Sentences) -> None:
    """Fill the boxes with the sentences of a run, unless they hold them already."""
    try:
        same = _read(_written()) == (data.train, data.labels)
    except DataError:
        same = False
    if not same:
        _replace(_texts_of(data.train, data.labels))


def _texts_of(rows: Rows, labels: Labels) -> list[tuple[str, str]]:
    return [
        (
            str(label),
            "\n".join(
                text.replace("\n", " ")
                for text, n in zip(rows.texts, rows.labels, strict=True)
                if n == index
            ),
        )
        for index, label in enumerate(labels)
    ]


def _boxes() -> list[int]:
    """The numbers of the boxes; two empty ones to begin with."""
    return st.session_state.setdefault(BOXES, [0, 1])


def _written() -> list[tuple[str, str]]:
    state = st.session_state
    return [
        (state.get(NAME.format(box)) or "", state.get(SENTENCES.format(box)) or "")
        for box in _boxes()
    ]


def _replace(texts: list[tuple[str, str]]) -> None:
    """Replace all boxes, and keep the former ones for undo."""
    before = _written()
    if any(name or text for name, text in before):
        st.session_state[REPLACED] = before
    first = max(_boxes(), default=0) + 1
    for box, (name, text) in enumerate(texts, start=first):
        st.session_state[NAME.format(box)] = name
        st.session_state[SENTENCES.format(box)] = text
    st.session_state[BOXES] = list(range(first, first + len(texts)))


def _begin() -> None:
    chosen = st.session_state["emoji_class_starter"]
    if chosen == EMPTY:
        _replace([("", "")] * MIN_CLASSES)
    else:
        data = starter(chosen)
        _replace(_texts_of(data.train, data.labels))


def _add_box() -> None:
    st.session_state[BOXES] = [*_boxes(), max(_boxes(), default=0) + 1]


def _remove_box(box: int) -> None:
    texts = [
        text for number, text in zip(_boxes(), _written(), strict=True) if number != box
    ]
    _replace(texts)


def _add_pasted() -> None:
    pasted = st.session_state["emoji_class_paste"] or ""
    once_a_press(_add, lambda labels: read_pasted(pasted, labels))
    st.session_state["emoji_class_paste"] = ""


def _add_file() -> None:
    if file := st.session_state["emoji_class_upload"]:
        content = file.getvalue()
        _add(lambda labels: read_csv(content, labels=labels))


def _add(read: Callable[[NewLabels], Rows]) -> None:
    """Add sentences to the boxes of their classes, or new ones."""
    named = [box for box in _written() if box[0].strip()]
    unnamed = [box for box in _written() if box[1].strip() and not box[0].strip()]
    found = NewLabels()
    new = _texts_of(read(found), found.labels)
    _replace(_texts_of(*_read(named + new)) + unnamed)


def certainty_view(result) -> None:
    """Draw the reliability of a small model, and the most useful next step."""
    found: CrossValidation = result.cross_validation
    with st.grid(3, min_column_width=130):
        metric(
            "Accuracy",
            f"{found.ours.value:.0%}",
            f"95% interval: {found.ours.low:.0%} to {found.ours.high:.0%}",
            "Cross-validated: each sentence is answered by a model that was trained "
            "without it, on four fifths of the others. The interval is Wilson's for "
            "all five parts together. The best of nine settings was chosen by these "
            "answers, so the figure is a little too good.",
        )
        metric(
            "Mean-vector model",
            f"{found.mean_vectors.value:.0%}",
            f"95% interval: {found.mean_vectors.low:.0%} to "
            f"{found.mean_vectors.high:.0%}",
            "Logistic regression on the plain mean of GloVe's word vectors, evaluated "
            "in the same way.",
        )
        metric(
            "Chance",
            f"{found.chance:.0%}",
            None,
            "Always answering with the most frequent class.",
        )
    st.markdown(as_text(found.in_words))
    rows, labels = result.data.learned, result.labels
    st.markdown("**What would help most**")
    advices = advice(rows, labels, result.folds)
    if not advices:
        st.markdown("No two classes are mixed up, and none has too few sentences.")
    for each in advices:
        st.markdown(f"- {as_text(each.text)}")
        for text, label, answer in each.examples:
            st.caption(
                f"“{as_text(text)}” is {as_text(str(labels[label]))}, answered "
                f"{as_text(str(labels[answer]))}."
            )
