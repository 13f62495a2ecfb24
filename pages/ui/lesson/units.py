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
        "Mark a stretch of the text. The list shows the units that are on there and "
        "off elsewhere. Choose one: it colours the whole text, from −1 (brown) to 1 "
        "(teal)."
    )
    st.pills(
        "Try",
        study.followed,
        format_func=str.capitalize,
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
    with right:
        unit = _choose_unit(page, names, study, found, (start, end))
        number = unit + 1  # on the page units are counted from 1
        meaning = study.meaning_of(unit)
        _meaning(meaning, number)
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
        st.session_state[f"{page}_units_mark"] = _as_mark(study.stretch_of(chosen))
        st.session_state[f"{page}_units_unit"] = study.best_of(chosen).unit + 1


def _save_mark(page: str, mark) -> None:
    st.session_state[f"{page}_units_mark"] = str(mark)
    st.session_state.pop(f"{page}_units_unit", None)
    st.session_state[f"{page}_units_try"] = None


def _choose_unit(page, names, study, found, marked) -> int:
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
        units_figure(shown, chosen - 1, ink()),
        f"{page}_units_chart",
        "Mean state of each unit in the marked stretch, and elsewhere",
    )
    return chosen - 1


def _meaning(meaning, number: int) -> None:
    """Say which property a unit follows, if it follows any beyond chance."""
    if meaning is None:
        st.markdown(
            f":gray-badge[No plain meaning] Unit {number} follows none of the "
            "properties that we know by more than chance. What would you call it?"
        )
        return
    size = f"{meaning.correlation:.2f}".replace("-", "−")
    st.markdown(
        f":green-badge[:material/check: A plain meaning] Unit {number} follows "
        f"**{meaning.property}**: correlation {size}; the best of all units reaches "
        f"{meaning.chance:.2f} by chance."
    )


class _Names:
    """The names that a person gives to units of one network, kept in the address."""

    def __init__(self, page: str, network: str) -> None:
        self.page, self.network = page, network
        self.key = hold(f"{page}_units_names", "", high=MAX_NAMES)

    def _all(self) -> dict[str, str]:
        network, *pairs = st.session_state[self.key].split("~")
        if network != self.network:
            return {}
        return dict(pair.split("=", 1) for pair in pairs if "=" in pair)

    def title(self, number: int) -> str:
        """The number of a unit, and its name if it has one."""
        name = self._all().get(str(number))
        return f"Unit {number}: {name}" if name else f"Unit {number}"

    def ask(self, number: int) -> None:
        """Draw the box for the name of a unit."""
        box = f"{self.page}_units_name"
        st.session_state[box] = self._all().get(str(number), "")
        st.text_input(
            f"Name of unit {number}",
            max_chars=MAX_NAME,
            key=box,
            placeholder="What would you call it?",
            help="Stands beside the unit's number from now on. It is part of this "
            "page's address.",
            on_change=self._save,
            args=(box, str(number)),
        )

    def _save(self, box: str, number: str) -> None:
        names = self._all()
        names[number] = st.session_state[box].replace("~", " ").strip()
        pairs = [f"{unit}={name}" for unit, name in names.items() if name]
        text = "~".join([self.network, *pairs])
        if pairs and len(text) <= MAX_NAMES:
            st.session_state[self.key] = text
        elif not pairs:
            st.session_state[self.key] = ""


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
            "follows": meaning.property if meaning else "its states in the end",
            "full": FULL_RISE if lost else study.full,
            "reads": "rise of the loss, in nats:" if lost else "state",
            "scale": ["better", "worse"] if lost else ["−1", "1"],
            "negative": palette.POSITIVE if lost else palette.NEGATIVE,
            "positive": palette.NEGATIVE if lost else palette.POSITIVE,
        },
        lambda mark: _save_mark(page, mark),
    )
    st.caption(
        "The network was not trained on this text."
        if study.is_held_out
        else "The network was trained on this text: nothing of it is held out."
    )


def _what_is_lost(lost, number: int) -> None:
    """Draw the rise of the loss, and what the network writes with the unit and not."""
    st.markdown(f"##### The network without unit {number}")
    with st.container(horizontal=True):
        for label, rise in (
            ("In the marked stretch", lost.marked),
            ("Where the same units act", lost.passages),
            ("Everywhere else", lost.elsewhere),
        ):
            if rise is not None:
                metric(
                    label,
                    f"{rise:+.2f} nats".replace("-", "−"),
                    None,
                    "Mean rise of the loss of the next character when the unit is "
                    "switched off.",
                )
    whole, without = st.columns(2)
    for place, label, samples in (
        (whole, "It writes, with all units", lost.samples),
        (without, f"Without unit {number}", lost.samples_without),
    ):
        with place:
            st.markdown(f"**{label}**")
            st.markdown(" · ".join(as_text(each) or "–" for each in samples))
