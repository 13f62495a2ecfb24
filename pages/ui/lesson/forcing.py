"""The tab of the writing task on teacher forcing and free running."""

import streamlit as st

from core.lesson.figures import forcing_figure, reading_figure
from core.lesson.forcing import followed_furthest, losses, read_texts
from core.lesson.trained import TrainedNetwork
from pages.ui.address import bind, persistent
from pages.ui.cache import shared_cache
from pages.ui.charts import chart, ink
from pages.ui.lesson.questions import ask
from pages.ui.lesson.texts import Question

MOST_GIVEN = 8  # characters
GUESS = Question(
    "Training makes the loss fall. What does it do to the loss on the same letters "
    "when the network reads its own writing in place of the truth?",
    ("It falls as well", "It stays the same", "It rises"),
    2,
    "",
)


def forcing(page: str, trained: TrainedNetwork) -> None:
    """Draw a text fed and free, and both losses over the epochs, after a guess."""
    st.markdown(
        "In training the network reads the **true** text instead of its own output: "
        "*teacher forcing*. When it writes, it reads its **own** letters: it *runs "
        "free*."
    )
    guess = ask("Your guess.", GUESS, f"{page}_forcing_guess")
    if guess is None:
        st.caption("Guess, and the figures follow.")
        return
    shown = st.slider(
        "True letters before it runs free",
        1,
        MOST_GIVEN,
        **persistent(bind(f"{page}_forcing_given", 1, low=1, high=MOST_GIVEN)),
        help="The more it is given, the later it depends on its own mistakes.",
    )
    given = shown + trained.corpus.is_names  # a name begins after a line break
    text, where = shared_cache(_reading, trained, given)
    figure = shared_cache(_reading_figure, trained, given, ink())
    chart(figure, f"{page}_forcing_text", f"“{text}”, fed and free, by letter")
    st.caption(
        "In each square the letter that the network finds most likely next; the "
        f"darker, the more likely it finds the true one. {where}"
    )
    found = shared_cache(losses, trained, given)
    figure = shared_cache(_forcing_figure, trained, given, ink())
    chart(figure, f"{page}_forcing", "Loss fed and running free, over the epochs")
    first, last = found[min(filter(None, found), default=0)], found[max(found)]
    fed, free = (f"from {a:.2f} to {b:.2f}" for a, b in zip(first, last, strict=True))
    st.markdown(
        f":blue-badge[Your guess] {guess}. After the first epoch the loss goes {fed} "
        f"when fed, and {free} when running free. The first says nothing about the "
        "second: while it is fed, the network never reads a mistake of its own, so it "
        "has not learned what comes after one."
    )


def _reading(trained: TrainedNetwork, given: int) -> tuple[str, str]:
    """Return the shown text, and where the free run leaves it."""
    tokens = followed_furthest(trained, given)
    text = trained.corpus.decode(tokens[:, 0]).strip()
    at = int(read_texts(trained.result, tokens, given).apart(given)[0])
    if at == len(tokens) - 1:
        return text, "The free run does not leave the text."
    true = trained.corpus.decode(tokens[at + 1]).replace("\n", "↵")
    return text, (
        f"The free run leaves the text at letter {at + 2 - trained.corpus.is_names}, "
        f"“{true}”. It is the held-out text that it follows furthest."
    )


def _reading_figure(trained: TrainedNetwork, given: int, ink: str):
    return reading_figure(trained, followed_furthest(trained, given), given, ink)


def _forcing_figure(trained: TrainedNetwork, given: int, ink: str):
    return forcing_figure(losses(trained, given), trained.result.cell, ink)
