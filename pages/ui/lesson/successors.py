"""The successors of recurrent networks: the parts of the page `became`.

Its prose is in successors.md.
"""

from pathlib import Path

import streamlit as st

from core import examples
from core.lesson.attention import (
    costs,
    influence_beside_attention,
    influence_of_the_first,
)
from core.lesson.figures import (
    COST_LENGTHS,
    cost_bars,
    cost_figure,
    initial_influence_figure,
)
from core.lesson.verdicts import in_words, verdict
from pages.ui.address import bind, persistent
from pages.ui.charts import chart, ink
from pages.ui.controls import choose
from pages.ui.intents import intent
from pages.ui.lesson.questions import ask_and_explain
from pages.ui.lesson.texts import Question
from pages.ui.membership import note_event
from pages.ui.once import once
from pages.ui.shape import sides
from pages.ui.words import large_number

LENGTHS = COST_LENGTHS[:-1]  # the double of each is in the chart as well
UNITS = (16, 64, 256, 1024)
DILUTED = (10, 50, 200)  # lengths whose first input is followed to the last state
QUANTITIES = {  # of `core.lesson.attention.Cost`: on the page, and what it means
    "stored": (
        "Numbers in memory",
        "What is kept to read the next letter: a state of fixed size, or a key and a "
        "value of every letter so far.",
    ),
    "next_products": (
        "Work for the next letter",
        "Multiplications for one more letter, as when a text is generated. Attention "
        "compares it with every letter that is stored.",
    ),
    "all_products": (
        "Work for all letters",
        "Multiplications for the whole text. Few weights make the minGRU cheap; "
        "for short texts attention needs fewer than the LSTM.",
    ),
    "waits": (
        "Waiting in steps",
        "Steps that must wait for each other while a known text is read, as in "
        "training. This, and not the work, is what made RNNs slow on parallel "
        "hardware. A sum over T counts as one step; added in pairs, that of attention "
        "takes log₂ T rounds, as the scan does. A generated text waits for each letter "
        "in any case.",
    ),
    "path": (
        "Way back to the first letter",
        "Steps that the gradient passes from the last state to the first input: at "
        "each of them it can shrink.",
    ),
}
QUESTION = Question(
    "A text becomes twice as long. Which of these becomes twice as large?",
    (
        "The state of an LSTM",
        "What attention has to keep",
        "The number of weights of either",
    ),
    1,
    "The state has a fixed size, and the weights are the same at every step. Attention "
    "keeps a key and a value of every letter. Compare the columns of the table below.",
)
EVIDENCE = (  # observation, its example, the page, its settings, a label
    (
        "**Gates keep what the RNN loses at this learning rate.**",
        "adding",
        "lstm",
        {"lstm_step": "Learning", "lstm_task": "adding"},
        "Adding problem",
    ),
    (
        "**A gate need not read the state here.** It only has to tell marked numbers "
        "from others. With 32 units, a twentieth of the LSTM's parameters, the minGRU "
        "solves the task with all five seeds that we tried; the shipped example has "
        "equal numbers of parameters.",
        "adding-gru",
        "gru",
        {"gru_step": "Learning", "gru_task": "adding"},
        "Four cells",
    ),
    (
        "**The gradient passes every step.** It is multiplied at each of them, and "
        "the product decides how far back the network learns.",
        None,
        "rnn",
        {"rnn_step": "Backward", "rnn_sequence_source": "A sine"},
        "Backward pass",
    ),
    (
        "**A gate that does not read the state need not wait.** Loop and scan give "
        "the same numbers, to ten decimals.",
        None,
        "gru",
        {"gru_cell": "mingru", "gru_step": "Forward"},
        "Loop and scan",
    ),
)
_, *SECTIONS = Path(__file__).with_suffix(".md").read_text("utf-8").split("\n## ")
PROSE = dict(section.split("\n", 1) for section in SECTIONS)  # title -> Markdown


@once
def _verdict(example: str) -> str:
    """The verdict on a bundled example."""
    return verdict(examples.load(example).result)


def prose(title: str) -> None:
    """Draw a section of successors.md with its title."""
    st.subheader(title)
    st.markdown(PROSE[title])


cached_influence = once(influence_beside_attention)
_first_influence = once(influence_of_the_first)


def needs() -> None:
    """Draw the costs of each layer by the length of a text, and a question."""
    titles = {name: title for name, (title, _) in QUANTITIES.items()}
    choosing, seeing = sides()
    with choosing.container(key="first_choice"):
        length = st.select_slider(
            "Letters in the text",
            LENGTHS,
            format_func="{:,}".format,
            **persistent(bind("became_length", LENGTHS[0], LENGTHS)),
            help="The page counts at this length T, and at 2 T.",
            on_change=intent("became_length", note_event, "steps became"),
        )
        st.caption("16 letters are about three words, 65,536 a long chapter.")
    with choosing, st.expander("Compare something else", icon=":material/tune:"):
        quantity = choose(
            "What to compare",
            titles,
            "became_quantity",
            help="What is counted, for one layer with as many inputs as units.",
            wrap=True,
        )
        units = choose(
            "Size of the layer",
            UNITS,
            "became_units",
            default=64,
            help="Units n: numbers in its state, or in each key and value.",
        )
    with seeing:
        title, meaning = QUANTITIES[quantity]
        bars = cost_bars(quantity, length, units, large_number, ink())
        at_length = ", ".join(
            f"{name} {large_number(getattr(cost, quantity))}"
            for name, cost in costs(length, units).items()
        )
        st.markdown(f"**{title}, after {length:,} letters**")
        chart(bars, "became_bars", f"{title}: {at_length}.")
        st.caption(meaning)
        if length > LENGTHS[0] or st.session_state.get("became_ask"):
            ask_and_explain(QUESTION, "became_ask")
        with st.expander(
            "Other lengths, and twice this one", icon=":material/show_chart:"
        ):
            _other_lengths(quantity, length, units)


def _other_lengths(quantity: str, length: int, units: int) -> None:
    """Draw a quantity against the length, and a table of this length and its double."""
    title, _ = QUANTITIES[quantity]
    figure = cost_figure(quantity, title, length, units, ink())
    chart(figure, "became_costs", f"{title} against the length of the text")
    st.caption(
        "The upright lines are at T and 2 T. From mark to mark the length is ten times "
        "as large, the quantity a hundred times. RNN and GRU are like the LSTM."
    )
    once, twice = costs(length, units), costs(2 * length, units)
    st.table(
        [
            {
                "Layer": name,
                f"T = {length:,}": large_number(getattr(once[name], quantity)),
                f"{2 * length:,}": large_number(getattr(twice[name], quantity)),
            }
            for name in once
        ],
    )


def influence() -> None:
    """Draw the influence of each input on the last state, cells and attention."""
    st.markdown("**Influence of past inputs, before training**")
    curves = cached_influence(0)
    last = {name: curve[-1] for name, curve in curves.items()}
    chart(
        initial_influence_figure(curves, ink()),
        "became_influence",
        "Influence of an input on the last state against the steps between them, over "
        "that of the newest input; 49 steps back "
        + ", ".join(f"{name} {value:.2g}" for name, value in last.items()),
    )
    st.caption(
        r"Norm of $\partial h_T / \partial x_{T-k}$, as a share of that at k = 0: 16 "
        "units, random weights, mean of 8 sequences of 50 steps. Training changes it: "
        "see *Vanishing gradient* in *Watch it learn*."
    )
    st.markdown("**Influence of the first input on the last state**")
    st.table(
        [
            {"Network": title}
            | {
                f"T = {length}": in_words(norm)
                for length, norm in zip(DILUTED, norms, strict=True)
            }
            for title, norms in _first_influence(0, DILUTED).items()
        ]
    )
    st.caption(r"Norm of $\partial h_T / \partial x_1$ in the same untrained networks.")


def evidence() -> None:
    """Examples on other pages, with links."""
    st.subheader("What you have seen of it here")
    with st.grid(2, min_column_width=300):
        for text, example, page, query, label in EVIDENCE:
            with st.container(border=True, height="stretch"):
                st.markdown(f"{text} {_verdict(example)}" if example else text)
                st.page_link(
                    f"pages/{page}.py",
                    label=label,
                    icon=":material/arrow_forward:",
                    query_params=query,
                )
