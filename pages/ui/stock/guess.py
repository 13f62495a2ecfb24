"""The game of guessing a past price against the forecast; see `core.stock.guessing`."""

import math
import secrets
from typing import NamedTuple

import numpy as np
import streamlit as st

from core.stock import Result
from core.stock.figures.forecast import forecast_from
from core.stock.guessing import Score, judge, rows_to_guess
from core.stock.wording import format_time
from pages.ui.charts import chart, ink
from pages.ui.intents import button
from pages.ui.stock.charts import LEGEND

GAME = "stock_game"  # the game in the session's state
GUESSES = {1: ":material/trending_up: Higher", -1: ":material/trending_down: Lower"}


class Game(NamedTuple):
    """The guesses of a session about one result."""

    key: tuple[str | None, str]  # the run, None for the example, and its recipe
    row: int  # the test row before which the guess is made
    score: Score
    guess: int = 0  # 0 before the guess


def game_of(result: Result, run_id: str | None) -> Game | None:
    """The game about a result, if it is being played."""
    game = st.session_state.get(GAME)
    return game if game and game.key == (run_id, result.config.recipe) else None


def game_buttons(result: Result, run_id: str | None) -> None:
    """Draw the buttons that begin, go on and end, where there are prices to guess."""
    game, rows = game_of(result, run_id), rows_to_guess(result)
    if len(rows):
        button(
            f"Another {result.series.frequency.row}" if game else "Guess against it",
            "stock_guess",
            _new_question,
            (run_id, result.config.recipe),
            int(secrets.choice(rows)),
            icon=":material/casino:",
            help="Higher or lower after a random row of the test part? The forecast "
            "knew only the rows before.",
        )
    if game:
        button("Back to the forecast", "stock_guess_back", _set, None, type="tertiary")


def game_view(result: Result, game: Game) -> None:
    """Draw the prices before a row and the question, or what came and the score."""
    days, until = result.horizons[-1], result.split.test + game.row
    rows = [until - 1, until - 1 + days]
    (before, after), series = result.series.prices[rows], result.series
    day, later = map(format_time, series.dates[rows])
    on = "at" if series.frequency.intraday else "on"
    price = f"{{:,.{max(0, 4 - math.floor(math.log10(before)))}f}}".format
    text = f"**{day}: {price(before)}.** "
    if game.guess:
        future, score = result.future_at(game.row, days), game.score
        ends = future.median, future.bands["low_80"], future.bands["high_80"]
        median, low, high = (price(each[-1]) for each in ends)
        right = "right" if game.guess == np.sign(after - before) else "wrong"
        text += (
            f"{on.capitalize()} {later}: **{price(after)}. You were {right}.** The "
            f"forecast was {median}, and with 80% probability {low} to {high}.  \n"
            f"Right of {score.guesses}: you {score.person}, the forecast "
            f"{score.forecast}, always “higher” {score.higher}. Inside its 80% range: "
            f"{score.inside}."
        )
    else:
        text += f"Is it higher or lower {on} {later}?"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(text, width="stretch" if game.guess else "content")
        for guess, label in {} if game.guess else GUESSES.items():
            score = judge(result, game.row, guess, game.score)
            answered = game._replace(guess=guess, score=score)
            button(label, f"stock_guess_{guess}", _set, answered)
    figure = forecast_from(result, ink(), game.row, days, game.guess != 0)
    # A zoom lasts from the question to its answer.
    figure.update_layout(height=360, legend=LEGEND, uirevision=str(game.row))
    chart(figure, "stock_past", f"Prices before a guess. {text.replace('*', '')}")


def _new_question(key: tuple, row: int) -> None:
    game = st.session_state.get(GAME)
    _set(Game(key, row, game.score if game and game.key == key else Score()))


def _set(game: Game | None) -> None:
    st.session_state[GAME] = game
