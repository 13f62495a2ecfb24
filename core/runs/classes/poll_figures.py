"""Figures of the answers to a poll."""

import html
import math
from collections import Counter
from collections.abc import Sequence
from statistics import median

import plotly.graph_objects as go

from core.figures import plain
from core.figures.palette import INK_LIGHT, NAIVE
from core.runs.classes.polls import Poll

# Of the bars, from the same colour-blind safe palette as all others.
ASKED, RIGHT, WRONG = "#0072B2", "#009E73", NAIVE
HISTOGRAM_PIXELS, MOST_BINS, MOST_TICKS, AXIS_LETTERS = 320, 20, 10, 16
FAR = 10.0  # median deviations from the median, beyond which guesses are only counted
MOST_FAR = 3  # such guesses that the axis names
OPTION_PIXELS, LETTERS = 92, 22  # height of an option, and of its text: for a projector


def poll_bars(
    poll: Poll, options: Sequence[str], right: float | None, ink: str = INK_LIGHT
) -> go.Figure:
    """Draw the number of answers for each option, the first one on top.

    `options` are in words. The right one is marked by colour and check mark; None
    before the reveal.
    """
    places = [len(options) - 1 - place for place in range(len(options))]
    colours = [
        ASKED if right is None else RIGHT if option == right else WRONG
        for option in range(len(options))
    ]
    figure = go.Figure()
    figure.add_bar(
        x=poll.answers,
        y=places,
        orientation="h",
        width=0.42,
        marker={"color": colours, "cornerradius": 4},
        text=[_count(poll, option) for option in range(len(options))],
        textposition="outside",
        textfont={"size": LETTERS, "color": ink},
        cliponaxis=False,
        hoverinfo="skip",
        showlegend=False,
    )
    for option, text in enumerate(options):
        is_right = option == right
        shown = html.escape(text, quote=False)  # Plotly reads HTML tags
        figure.add_annotation(
            x=0,
            y=places[option] + 0.25,
            text=f"<b>✓ {shown}</b>" if is_right else shown,
            font={"size": LETTERS, "color": ink},
            showarrow=False,
            xanchor="left",
            yanchor="bottom",
        )
    # Room beside the longest bar for its count.
    most = max(*poll.answers, poll.members / 4, 1) * 1.35
    figure.update_xaxes(range=[0, most], visible=False, fixedrange=True)
    figure.update_yaxes(
        range=[-0.4, len(options) - 0.2], visible=False, fixedrange=True
    )
    return plain(figure, ink).update_layout(
        height=OPTION_PIXELS * len(options),
        margin={"l": 4, "r": 8, "t": 4, "b": 4},
        hovermode=False,
    )


def poll_alt(poll: Poll, options: Sequence[str], right: float | None) -> str:
    """Describe `poll_bars` in words."""
    parts = [
        f"{text} {_count(poll, option)}{' (right)' if option == right else ''}"
        for option, text in enumerate(options)
    ]
    return "Bars of the number of answers: " + ", ".join(parts) + "."


def guess_histogram(poll: Poll, right: float | None, ink: str = INK_LIGHT) -> go.Figure:
    """Draw a histogram of the guesses; the axis names those far from the others.

    `right` is marked by a line; None before the reveal, and of an opinion.
    """
    middle = median(poll.numbers)
    reach = FAR * median(abs(guess - middle) for guess in poll.numbers)
    reach = reach or abs(middle) or FAR  # where most guesses are equal
    near = [guess for guess in poll.numbers if abs(guess - middle) <= reach]
    far = [f"{guess:g}" for guess in poll.numbers if guess not in near]
    marked = [right] if right is not None and abs(right - middle) <= reach else []
    low, high = min(near + marked), max(near + marked)
    size = _step((high - low) / MOST_BINS)
    if all(float(guess).is_integer() for guess in near):
        size = max(1.0, size)
    start, end = (round(edge / size) * size for edge in (low, high))
    figure = go.Figure()
    figure.add_histogram(
        x=near,
        xbins={"start": start - size / 2, "end": end + size / 2, "size": size},
        marker={"color": ASKED, "cornerradius": 4},
        hovertemplate="%{x}: %{y}<extra></extra>",
        showlegend=False,
    )
    for right in marked:
        figure.add_vline(
            x=right,
            line={"color": RIGHT, "width": 3},
            annotation={
                "text": f"<b>✓ {right:g}</b>",
                "font": {"size": LETTERS, "color": ink},
                "yanchor": "bottom",
            },
        )
    beyond = ", ".join(far[:MOST_FAR]) + (" …" if len(far) > MOST_FAR else "")
    most = max(Counter(round(guess / size) for guess in near).values())
    figure.update_xaxes(
        title_text=f"Guess · {len(far)} beyond: {beyond}" if far else "Guess",
        range=[start - size, end + size],
        dtick=max(size, _step((end - start) / MOST_TICKS)),
    )
    figure.update_yaxes(
        title_text="Students",
        range=[0, 1.1 * most],
        dtick=max(1.0, _step(most / MOST_TICKS)),
    )
    large = {"tickfont_size": AXIS_LETTERS, "title_font_size": AXIS_LETTERS}
    figure.update_xaxes(large, fixedrange=True, tick0=0).update_yaxes(
        large, fixedrange=True
    )
    return plain(figure, ink).update_layout(height=HISTOGRAM_PIXELS, bargap=0.05)


def _step(least: float) -> float:
    """Return the least of 1, 2 and 5 times a power of ten from `least` on."""
    if not least:
        return 1.0
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * step for step in (1, 2, 5, 10) if power * step >= least)


def guess_alt(poll: Poll, right: float | None) -> str:
    """Describe `guess_histogram` in words."""
    if not poll.numbers:
        return "No guesses yet."
    low, high = poll.numbers[0], poll.numbers[-1]
    known = "" if right is None else f"; right is {right:g}"
    return (
        f"Histogram of {poll.answered} guesses from {low:g} to {high:g}, the middle "
        f"one {median(poll.numbers):g}{known}."
    )


def _count(poll: Poll, option: int) -> str:
    return f"{poll.answers[option]} · {poll.share(option):.0%}"
