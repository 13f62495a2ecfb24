"""Step 2, trained: the unit that counts: which one follows what, in a text."""

import base64

import streamlit as st

from core import palette
from core.lesson.figures import units_figure
from core.lesson.trained import (
    FULL_RISE,
    MAX_LISTED,
    TrainedNetwork,
    forgotten,
    stretch,
    unit_study,
)
from pages.ui.address import hold
from pages.ui.cache import shared_cache
from pages.ui.charts import chart, ink, metric
from pages.ui.lesson.components import unit_text
from pages.ui.words import as_text

COLOURS = ("Its state", "What is lost without it")
MAX_NAME = 40  # characters of a unit's name
MAX_NAMES = 1000  # characters of all names in an address


def unit_that_counts(page: str, name: str, trained: TrainedNetwork) -> None:
    """Draw the text to mark, the units of the stretch, and what the chosen one does."""
    study = shared_cache(unit_study, trained)
    st.markdown(
        f"The network reads {_what_it_reads(study)} Mark a stretch: the list shows the "
        "units that are on there and off elsewhere. Choose a unit, and the whole text "
        "is coloured by its state."
    )
    st.pills(
        "Try",
        study.followed,
        format_func=lambda name: _in_words(study, name).capitalize(),
        key=f"{page}_units_try",
        on_change=_mark_property,
        args=(page, study),
        help="Marks an example of it, and chooses the unit that follows it best.",
        wrap=True,
    )
    start, end = _marked(page, study)
    found = shared_cache(stretch, study, start, end)
    left, right = st.columns([5, 3], gap="large")
    names = _Names(page, name)
    is_lstm = trained.config.cell == "lstm"
    colour = palette.CELL_STATE if is_lstm else palette.HIDDEN_STATE
    with right:
        unit = _choose_unit(page, names, study, found, (start, end), colour)
        number = unit + 1  # on the page units are counted from 1
        meaning = study.meaning_of(unit)
        _meaning(study, meaning, number)
        names.ask(number)
        colours = st.segmented_control(
            "Colour the text by",
            COLOURS,
            required=True,
            key=hold(f"{page}_units_colours", COLOURS[0], COLOURS),
            help="The state of the unit, or how much worse each character is predicted "
            "when the unit is switched off.",
            persist_state="session",
        )
    lost = None
    if colours == COLOURS[1]:
        lost = shared_cache(forgotten, trained, study, unit, start, end)
    with left:
        title = names.title(number)
        _text(page, name, study, found, (start, end), unit, meaning, title, lost)
    if lost:
        _what_is_lost(lost, number)


def _what_it_reads(study) -> str:
    what = "names" if study.is_names else "a text"
    if study.is_held_out:
        return f"{what} on which it was not trained."
    return f"{what} on which it was trained: nothing is held out."


def _in_words(study, name: str) -> str:
    """A property in words: of a list of names each line is a name."""
    return name.replace("line", "name") if study.is_names else name


def _marked(page: str, study) -> tuple[int, int]:
    """The marked stretch: the address's, or an example of what a unit follows."""
    default = _as_mark(study.opening_stretch)
    key = hold(f"{page}_units_mark", default, high=20)
    for text in (st.session_state[key], default):
        start, _, end = text.partition("-")
        if start.isdecimal() and end.isdecimal():
            first, after = int(start), int(end)
            if first < after <= len(study.text) and after - first < len(study.text):
                return first, after
    raise AssertionError(default)


def _as_mark(stretch: tuple[int, int]) -> str:
    return f"{stretch[0]}-{stretch[1]}"


def _mark_property(page: str, study) -> None:
    """Mark an example of the property that was chosen, and choose its unit."""
    if chosen := st.session_state[f"{page}_units_try"]:
        st.session_state[f"{page}_units_mark"] = _as_mark(study.examples[chosen])
        st.session_state[f"{page}_units_unit"] = study.best_of(chosen).unit + 1


def _save_mark(page: str, mark) -> None:
    st.session_state[f"{page}_units_mark"] = str(mark)
    st.session_state.pop(f"{page}_units_unit", None)
    st.session_state[f"{page}_units_try"] = None


def _choose_unit(page, names, study, found, marked, colour) -> int:
    """Draw the units of the stretch; return the chosen one, counted from 0."""
    numbers = [score.unit + 1 for score in found.units]
    key = f"{page}_units_unit"
    if st.session_state.get(key) not in numbers:
        st.session_state.pop(key, None)
    first = numbers[0]
    if study.opening and marked == study.opening_stretch:
        first = study.best_of(study.opening).unit + 1
    hold(key, first, numbers)
    listed = numbers[:MAX_LISTED]
    if st.session_state[key] not in listed:
        listed.append(st.session_state[key])
    chosen = st.pills(
        f"Units of this stretch, of {len(numbers)}",
        listed,
        format_func=lambda number: as_text(names.title(number)),
        required=True,
        key=key,
        help="Those that are on in the marked stretch and off elsewhere, the clearest "
        "first.",
        wrap=True,
        persist_state="session",
    )
    shown = [score for score in found.units if score.unit + 1 in listed]
    chart(
        units_figure(shown, chosen - 1, colour, ink()),
        f"{page}_units_chart",
        "Mean state of each unit in the marked stretch, and elsewhere",
    )
    return chosen - 1


def _meaning(study, meaning, number: int) -> None:
    """Say which property a unit follows, if it follows any beyond chance."""
    if meaning is None:
        st.markdown(
            f":gray-badge[No plain meaning] Unit {number} follows none of the "
            "properties above by more than chance."
        )
        return
    size = f"{meaning.correlation:.2f}".replace("-", "−")
    st.markdown(
        f":green-badge[:material/check: A plain meaning] Unit {number} follows "
        f"**{_in_words(study, meaning.property)}**: correlation {size}; the best of "
        f"all units reaches {meaning.chance:.2f} by chance."
    )


class _Names:
    """The names that a person gives to units of one network, kept in the address."""

    def __init__(self, page: str, network: str) -> None:
        self.network, self.box = network, f"{page}_units_name"
        self.key = hold(f"{page}_units_names", "", high=MAX_NAMES)
        first, *pairs = st.session_state[self.key].split("~")
        known = pairs if first == network else []
        self.names = dict(pair.split("=", 1) for pair in known if "=" in pair)

    def title(self, number: int) -> str:
        """The number of a unit, and its name if it has one."""
        name = self.names.get(str(number))
        return f"Unit {number}: {name}" if name else f"Unit {number}"

    def ask(self, number: int) -> None:
        """Draw the box for the name of a unit."""
        st.session_state[self.box] = self.names.get(str(number), "")
        st.text_input(
            f"Name of unit {number}",
            max_chars=MAX_NAME,
            key=self.box,
            placeholder="What would you call it?",
            help="Stands beside the unit's number from now on. It is part of this "
            "page's address.",
            on_change=self._save,
            args=(str(number),),
        )

    def _save(self, number: str) -> None:
        typed = st.session_state[self.box].replace("~", " ").strip()
        names = {**self.names, number: typed}
        pairs = [f"{unit}={name}" for unit, name in names.items() if name]
        text = "~".join([self.network, *pairs]) if pairs else ""
        if len(text) <= MAX_NAMES:
            st.session_state[self.key] = text


def _text(page, network, study, found, marked, unit, meaning, title, lost) -> None:
    """Draw the text in the colours of the unit at each epoch, or of the loss."""
    levels = [lost.rise] if lost else study.levels[:, unit]
    birth = study.birth(unit)
    unit_text(
        f"{page}_units_text",
        {
            "network": network,
            "title": f"Without {title}" if lost else title,
            "text": study.text,
            "lines": study.is_names,
            "mark": list(marked),
            "passages": [[each.start, each.end] for each in found.passages],
            "levels": [base64.b64encode(each.tobytes()).decode() for each in levels],
            "epochs": [study.epochs[-1]] if lost else list(study.epochs),
            "curve": [round(float(each), 3) for each in birth],
            "chance": meaning.chance if meaning else None,
            "follows": _in_words(study, meaning.property)
            if meaning
            else "its states in the end",
            "full": FULL_RISE if lost else study.full,
            "reads": "rise of the loss, in nats:" if lost else "state",
            "scale": ["better", "worse"] if lost else ["−1", "1"],
            "negative": palette.POSITIVE if lost else palette.NEGATIVE,
            "positive": palette.NEGATIVE if lost else palette.POSITIVE,
        },
        lambda mark: _save_mark(page, mark),
    )


def _what_is_lost(lost, number: int) -> None:
    """Draw the rise of the loss, and what the network writes with the unit and not."""
    st.markdown(f"##### The network without unit {number}")
    figures = [
        ("In the marked stretch", lost.marked.there),
        ("Outside it", lost.marked.elsewhere),
    ]
    if lost.ends:
        figures += [
            ("At the ends of names", lost.ends.there),
            ("At all other characters", lost.ends.elsewhere),
        ]
    with st.container(horizontal=True):
        for label, rise in figures:
            metric(
                label,
                f"{_signed(rise.mean)} nats",
                f"{_signed(rise.low)} to {_signed(rise.high)}",
                "Mean rise of the loss of the next character when the unit is held at "
                "its mean, and its 95% interval.",
            )
    missed = ", ".join(
        f"{as_text(_visible(character))} {_signed(rise)}"
        for character, rise in lost.missed
    )
    if missed:
        st.markdown(f"Predicted worse without it, in nats: {missed}.")
    whole, without = st.columns(2)
    for place, label, samples in (
        (whole, "With all units it writes", lost.samples),
        (without, f"Without unit {number}", lost.samples_without),
    ):
        with place:
            st.markdown(f"**{label}**")
            st.markdown(" · ".join(as_text(each) or "–" for each in samples))


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")


def _visible(character: str) -> str:
    return {"\n": "the end of the line (↵)", " ": "the space"}.get(
        character, f"“{character}”"
    )
