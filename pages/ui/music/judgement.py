"""The evaluation of a model on held-out pieces, and of its melodies."""

import math

import streamlit as st

from core.music import Performance, Result
from core.music.figures import (
    compared,
    compared_alt,
    orders,
    orders_alt,
    sweep,
    sweep_alt,
)
from core.music.playing.piano_roll import describe_copy
from core.music.playing.takes import Take, perform
from core.music.report import beyond_copies
from core.music.theory.progressions import DEFAULT_PROGRESSION
from core.stats import three_digits
from pages.ui.charts import chart, ink
from pages.ui.music.models import Model, shipped
from pages.ui.music.player import player
from pages.ui.once import once
from pages.ui.words import as_text

REPEATS = """
**Repeats itself** has no network: a Markov chain, and copies of the piece's own past (1
to 16 bars ago, or what followed when the same figure was played before, in any key),
with weights fitted on the validation pieces. The **plain LSTM** does not get these
copies as an input. A half bar is **fresh** if its notes, holds and rests have not been
in the piece before, at any pitch and place: no copy of half a bar gives it. The number
of a Markov chain is its order: the sixteenths that it looks back.
"""
SWEEP = """
The temperature divides the scores before the softmax. A **low** one favours the most
likely token: few pitches, repeated notes, and more copying, as the most likely
continuation of five known notes is often the known sixth. A **high** one also chooses
tokens that the model considers unlikely. The loss is lowest near 1 if the model is well
calibrated.
"""
# Each with its own usual settings, without the copy guard.
HOW = {
    "ragtime": Performance(plan="free", originality="free"),
    "classic": Performance(originality="free", temperature=0.0),
}
TITLES = {"ragtime": "Default LSTM", "classic": "Classic recipe"}
KEYS = {"ragtime": "music_ragtime", "classic": "music_seed"}


def judgement_view(model: Model) -> None:
    """Draw the evaluation, the temperatures, and the lesson in memorising."""
    result = model.result
    corpus = result.corpus
    st.markdown(
        f"**{as_text(corpus.title)}.** Evaluated on {len(corpus.test)} whole held-out "
        f"pieces and compared with a Markov chain over "
        f"{'degrees of the scale' if result.markov.alphabet == 'degrees' else 'tokens'}"
        f" of order {result.markov.order}, the best of orders 0 to 8 on the "
        "validation set."
    )
    st.table(_figures(result))
    _repetition(result)
    st.markdown(_gain(result))
    with st.grid(2, min_column_width=320):
        with st.container():
            st.markdown("##### Against Markov chains")
            ours = result.judgement.validation
            chart(
                orders(result.markov, ours, ink()),
                "music_orders",
                orders_alt(result.markov, ours),
            )
            st.caption(
                "A Markov chain counts what followed the last few sixteenths. At a "
                "high order it has seen most contexts only once, and its loss rises."
            )
        with st.container():
            st.markdown("##### Temperature")
            if result.sweep:
                chart(
                    sweep(result.sweep, ink()), "music_sweep", sweep_alt(result.sweep)
                )
            st.caption(SWEEP)
    if result.sweep:
        st.table(_sweep_rows(result))
    _memorising()


def _figures(result: Result) -> list[dict]:
    return [
        {
            "On held-out pieces": one.name,
            "Nats per 16th": _measured(one.nats),
            "Perplexity": _measured(one.nats and math.exp(one.nats)),
            f"Nats, fresh {result.judgement.fresh_unit}s": _measured(one.fresh),
            "Onset accuracy": "–"
            if one.onset_accuracy is None
            else f"{one.onset_accuracy:.1%}",
        }
        for one in result.compared
    ]


def _measured(value: float | None) -> str:
    return "–" if value is None else three_digits(value)


def _repetition(result: Result) -> None:
    """Draw the share of repetition in the gain."""
    st.markdown("##### Learned or repeated?")
    st.markdown(" ".join(beyond_copies(result)))
    chart(
        compared(result.compared, ink()),
        "music_compared",
        compared_alt(result.compared),
    )
    st.caption(REPEATS)


def _gain(result: Result) -> str:
    judged = result.judgement
    if any(piece.inferred for piece in result.corpus.test):
        return (
            "**Chord gain.** Not claimed: the chords of these pieces are inferred from "
            "their melodies and would tell some of the notes. All losses here are "
            "measured with the chords hidden; in half of its training the model hears "
            "them, so that it can follow yours."
        )
    if judged.chord_gain is None:
        return (
            "**Chord gain.** This model was trained without chords, so it cannot be "
            "measured."
        )
    return (
        f"**Chord gain.** Without the chords as an input the loss is "
        f"{three_digits(judged.without_chords)} instead of "
        f"{three_digits(judged.nats)}: a gain of **{judged.chord_gain:+.3f}** nats per "
        "sixteenth."
    )


def _sweep_rows(result: Result) -> list[dict]:
    return [
        {
            "Temperature": f"{one.temperature:g}",
            "Nats per sixteenth": three_digits(one.nats),
            "Longest copy": f"{one.longest_copy} notes" if one.longest_copy else "–",
            "Entropy, bits": f"{one.figures['pitch_class_entropy']:.2f}",
            "Scale consistency": f"{one.figures['scale_consistency']:.0%}",
            "Groove consistency": f"{one.figures['groove_consistency']:.2f}",
            "Empty beats": f"{one.figures['empty_beat_rate']:.0%}",
        }
        for one in result.sweep
    ]


@once
def _take(name: str) -> Take:
    return perform(shipped(name).result, HOW[name], DEFAULT_PROGRESSION.text)


def _memorising() -> None:
    """Draw the default and the classic model over the same chords."""
    st.markdown("##### Learned or memorised?")
    st.markdown(
        "Both models were trained on the same rags and play over the same chords, "
        "without the guard against copying. The classic recipe is trained on sixty "
        "snippets for a hundred epochs. Here it plays as in its tutorial, always the "
        "most likely token (temperature 0); in the player above it samples at the "
        "temperature that is set there. On its own snippets it is nearly perfect; only "
        "held-out pieces show whether it has learned more than these."
    )
    st.caption(classic_differences(shipped("classic").result))
    st.table([_losses_row(shipped(name).result, name) for name in HOW])
    with st.grid(2, min_column_width=320):
        for name in HOW:
            with st.container():
                st.markdown(f"**{TITLES[name]}**")
                take = _take(name)
                player(KEYS[name], take.score, TITLES[name], take.copied)
                st.caption(_copied(take))


def classic_differences(result: Result) -> str:
    """The differences between this recipe and the tutorial's, in words."""
    return (
        "What differs from the tutorial: its 78 tokens name the kind of a tone (of the "
        "chord, of the scale, an approach), its length and a range of intervals, and "
        f"rules choose the pitch. Ours are {result.vocabulary.size}: the degree above "
        "the chord's root with its octave, and the length; they name the pitch, and "
        "cover the held-out rags too, so that these can be judged. No pitch is struck "
        "more than four times in a row and the last bar is an ending, as with all "
        "models here. Over other chords memorised degrees become other notes, which "
        "the copy rate does not count."
    )


def _losses_row(result: Result, name: str) -> dict:
    return {
        "Loss in nats": TITLES[name],
        "On its training data": three_digits(result.judgement.train),
        "On held-out rags": three_digits(result.judgement.nats),
        "Best Markov chain, held-out": three_digits(result.markov.nats),
        "Onset accuracy, held-out": f"{result.judgement.onset_accuracy:.1%}",
    }


def _copied(take: Take) -> str:
    rate = take.originality.rates[8]
    longest = describe_copy(take.copied) if take.copied else "none of six or more"
    return (
        f"Copied passages of eight notes: {rate:.1%}. Longest copied passage: "
        f"{as_text(longest)}."
    )
