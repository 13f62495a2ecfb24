"""A game: guess where the price went after a day of the test part."""

import secrets
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.stock import Result
from core.stock.figures.forecast import past
from core.stock.wording import format_time
from pages.ui.charts import chart, ink
from pages.ui.intents import button
from pages.ui.stock.charts import LEGEND

GAME = "stock_game"  # the game in the session's state
HIGHER, LOWER = ":material/trending_up: Higher", ":material/trending_down: Lower"


class Game(NamedTuple):
    """The guesses of a session about one result."""

    of: tuple[str | None, str]  # its run, None for the example, and its recipe
    row: int  # the test row before which the guess is made
    # The guesses, and how often these were right: the guess, the network, "higher", and
    # the network's 80% interval
    score: tuple[int, ...]
    guess: int = 0  # 1 for higher, -1 for lower, 0 before the guess


def game_of(result: Result, run_id: str | None) -> Game | None:
    """The game about a result, if it is being played."""
    game = st.session_state.get(GAME)
    return game if game and game.of == (run_id, result.config.recipe) else None


def invite(result: Result, run_id: str | None) -> None:
    """Draw the buttons that begin, go on and end, where there are prices to guess."""
    days, first = result.horizons[-1], result.split.test - 1
    moves = result.series.prices[first + days :] != result.series.prices[first:-days]
    game, of = game_of(result, run_id), (run_id, result.config.recipe)
    if result.distribution is not None and not result.series.splits and moves.any():
        label = "Another day" if game else "Guess against it"
        row = int(secrets.choice(np.flatnonzero(moves)))
        button(label, "stock_guess", _ask, of, row, icon=":material/casino:")
    if game:
        button("Back to the forecast", "stock_guess_back", _set, None, type="tertiary")


def play(result: Result, game: Game) -> None:
    """Draw the prices before a day and the question, or what came and the score."""
    days, until = result.horizons[-1], result.split.test + game.row
    places = [until - 1, until - 1 + days]
    (last, came), future = (
        result.series.prices[places],
        result.future_at(game.row, days),
    )
    ends = future.median, future.bands["low_80"], future.bands["high_80"]
    median, low, high = (each[-1] for each in ends)
    moved = np.sign(came - last)
    day, later = map(format_time, result.series.dates[places])
    text = f"**{day}: {_price(last)}.** "
    if game.guess:
        count, you, network, always, inside = game.score
        text += (
            f"On {later}: **{_price(came)}. You were "
            f"{'right' if game.guess == moved else 'wrong'}.** The network expected "
            f"{_price(median)}, and with 80% probability {_price(low)} to "
            f"{_price(high)}.  \nRight of {count}: you {you}, the network {network}, "
            f"always “higher” {always}. In its 80% range: {inside}."
        )
    else:
        text += f"Where is it on {later}?"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(text, width="stretch" if game.guess else "content")
        for guess, label in {} if game.guess else {1: HIGHER, -1: LOWER}.items():
            signs = guess, np.sign(median - last), 1
            right = [True, *(sign == moved for sign in signs), low <= came <= high]
            score = tuple(map(int.__add__, game.score, map(int, right)))
            answered = game._replace(guess=guess, score=score)
            button(label, f"stock_guess_{guess}", _set, answered)
    figure = past(result, ink(), game.row, days, game.guess != 0)
    figure.update_layout(height=360, legend=LEGEND)
    chart(figure, "stock_past", text.replace("*", ""))


def _price(value: float) -> str:
    return f"{value:,.5g}" if value < 1e5 else f"{value:,.0f}"


def _ask(of: tuple, row: int) -> None:
    game = st.session_state.get(GAME)
    st.session_state[GAME] = Game(
        of, row, game.score if game and game.of == of else (0,) * 5
    )


def _set(game: Game | None) -> None:
    st.session_state[GAME] = game
