"""Step 2, trained: the unit that counts: which one follows what, in a text."""

import base64
import math

import streamlit as st

from core import palette
from core.lesson.figures import units_figure
from core.lesson.trained import (
    FEWEST,
    FULL_RISE,
    TrainedNetwork,
    forgotten,
    stretch,
    unit_study,
)
from core.source import source
from pages.ui.address import hold
from pages.ui.cache import shared_cache
from pages.ui.charts import chart, ink, metric
from pages.ui.lesson.components import unit_text
from pages.ui.membership import note_event
from pages.ui.words import as_text

COLOURS = ("Its state", "What is lost without it")
MAX_NAME = 40  # characters of a unit's name
MAX_NAMES = 1000  # characters of all names in an address
BACKGROUND = """
Nobody tells the network to count. But it has to know when a name is long enough to end,
and in each of the four examples one unit follows the position in the name most closely.
Switch it off, and the loss rises most at the ends of the names.

A correlation alone does not show that a unit matters: nothing may read it. That is what
switching it off is for. And among many units the best one correlates with anything a
little. How much it does *by chance* is found by shifting the property along the text
and taking the best of all units again, which 95% of the shifts stay below. The longer
the text, the smaller it is: about 0.1 for the 196 names that the examples read on this
page, 0.05 for all 783 that were held out. With random weights the states follow a text
as well, so the best unit *before training* is the one to beat.

What a network knows is spread over many units. Several others follow the position
less closely, and in the LSTM three of them cost more at the ends of the names than the
one that follows it most closely. A unit that follows a property is seldom the only one,
and it may do other things besides.
To find units by marking a stretch is the idea of LSTMVis (Strobelt et al. 2018). Units
that count the characters of a line, or that are on inside quotation marks, were first
shown by Karpathy et al. (2015).
"""


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
    marked = _marked(page, study)
    found = shared_cache(stretch, study, *marked)
    names = _Names(page, name)
    left, right = st.columns([5, 3], gap="large")
    with right:
        number = _choose_unit(page, names, study, found)
        _units_chart(page, found, number, trained.config.cell)
        _meaning(study, number)
        names.ask(number)
        by = st.segmented_control(
            "Colour the text by",
            COLOURS,
            required=True,
            key=hold(f"{page}_units_colours", COLOURS[0], COLOURS),
            help="The state of the unit (of an LSTM tanh of its cell state), or how "
            "much worse each character is predicted when the unit is switched off.",
            persist_state="session",
        )
    title = names.title(number)
    if by == COLOURS[0]:
        lost = None
        colours = {"title": title, **_state(study, number)}
    else:
        lost = shared_cache(forgotten, trained, study, number, *marked)
        note_event(f"unit {trained.config.cell}")
        colours = {"title": f"Without {title[0].lower()}{title[1:]}", **_rise(lost)}
    with left:
        unit_text(
            f"{page}_units_text",
            {
                "network": name,
                "text": study.text,
                "lines": study.is_names,
                "mark": list(marked),
                "passages": [[each.start, each.end] for each in found.passages],
                **colours,
            },
            lambda mark: _save_mark(page, mark),
        )
    if lost:
        _what_is_lost(lost, number)
    st.subheader("What a unit stands for")
    st.markdown(BACKGROUND)
    with st.expander("The code of this step", icon=":material/code:"):
        st.caption("From `core/lesson/units.py`: the code that this page runs.")
        for function in ("units_of", "meanings", "switched_off"):
            st.code(source("core.lesson.units", function), "python")


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
    key = hold(f"{page}_units_mark", study.opening_mark, high=20)
    marked = study.stretch_of(st.session_state[key])
    if marked is None:
        st.session_state[key] = study.opening_mark
        marked = study.stretch_of(study.opening_mark)
    return marked


def _mark_property(page: str, study) -> None:
    """Mark an example of the property that was chosen, and choose its unit."""
    if chosen := st.session_state[f"{page}_units_try"]:
        st.session_state[f"{page}_units_mark"] = study.examples[chosen]
        st.session_state[f"{page}_units_unit"] = study.best_of(chosen).number


def _save_mark(page: str, mark) -> None:
    st.session_state[f"{page}_units_mark"] = str(mark)
    st.session_state.pop(f"{page}_units_unit", None)
    st.session_state[f"{page}_units_try"] = None


def _choose_unit(page: str, names, study, found) -> int:
    """Draw the units of the stretch; return the number of the chosen one."""
    numbers = [each.number for each in found.units]
    key = f"{page}_units_unit"
    if st.session_state.get(key) not in numbers:
        st.session_state.pop(key, None)
    is_opening = st.session_state[f"{page}_units_mark"] == study.opening_mark
    first = study.opening_unit if is_opening else None
    hold(key, first or numbers[0], numbers)
    return st.pills(
        f"Units of this stretch, of {len(numbers)}",
        [each.number for each in found.listed(st.session_state[key])],
        format_func=lambda number: as_text(names.title(number)),
        required=True,
        key=key,
        help="Those that are on in the marked stretch and off elsewhere, the clearest "
        "first.",
        wrap=True,
        persist_state="session",
    )


def _units_chart(page: str, found, number: int, cell: str) -> None:
    colour = palette.CELL_STATE if cell == "lstm" else palette.HIDDEN_STATE
    chart(
        units_figure(found.listed(number), number, colour, ink()),
        f"{page}_units_chart",
        "Mean state of each unit in the marked stretch, and elsewhere",
    )


def _meaning(study, number: int) -> None:
    """Say which property a unit follows, if it follows any beyond chance."""
    meaning = study.meaning_of(number)
    if meaning is None:
        st.markdown(
            f":gray-badge[No plain meaning] Unit {number} follows none of the "
            "properties above by more than chance."
        )
        return
    size = f"{meaning.correlation:.2f}".replace("-", "−")
    before = study.before_training[meaning.property]
    badge = (
        ":green-badge[:material/check: A plain meaning]"
        if abs(meaning.correlation) > before
        else ":orange-badge[:material/casino: No more than random weights]"
    )
    st.markdown(
        f"{badge} Unit {number} follows **{_in_words(study, meaning.property)}**: "
        f"correlation {size} in this text. The best of all units reaches {before:.2f} "
        f"before training, and {meaning.chance:.2f} by chance."
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


def _state(study, number: int):
    """The colours of the text by a unit's state, and its correlation, by epoch."""
    meaning = study.meaning_of(number)
    follows = _in_words(study, meaning.property) if meaning else "its states in the end"
    return {
        "levels": [_as_text(levels) for levels in study.levels_of(number)],
        "epochs": study.epochs,
        "curve": study.correlation_by_epoch(number).round(3).tolist(),
        "follows": follows,
        "chance": meaning.chance if meaning else None,
        "full": study.full,
        "reads": "state",
        "scale": [f"−{study.full:.2g}", f"{study.full:.2g}"],
        "negative": palette.NEGATIVE,
        "positive": palette.POSITIVE,
    }


def _rise(lost):
    """The colours of the text by the rise of its loss: brown is worse."""
    return {
        "levels": [_as_text(lost.rise)],
        "full": FULL_RISE,
        "reads": "rise of the loss, in nats:",
        "scale": ["predicted better", "worse"],
        "negative": palette.POSITIVE,
        "positive": palette.NEGATIVE,
    }


def _as_text(levels) -> str:
    return base64.b64encode(levels.tobytes()).decode()


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
            is_known = not math.isnan(rise.low)
            metric(
                label,
                f"{_signed(rise.mean)} nats",
                f"{_signed(rise.low)} to {_signed(rise.high)}"
                if is_known
                else "too short for an interval",
                "Mean rise of the loss of the next character when the unit is held at "
                "its mean, and its 95% interval, from a bootstrap over the lines. A "
                "single stretch has none.",
            )
    missed = ", ".join(
        f"{as_text(_visible(character))} {_signed(rise)}"
        for character, rise in lost.missed
    )
    if missed:
        st.markdown(
            f"Predicted worse without it, in nats, each a mean of at least {FEWEST} "
            f"places: {missed}."
        )
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
    return {"\n": "the line break (↵)", " ": "the space"}.get(
        character, f"“{character}”"
    )
