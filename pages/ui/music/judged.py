"""Evaluation of a model on held-out pieces, and of what it generates."""

import streamlit as st

from core.music import Result
from core.music.figures import orders, orders_alt, perplexity, sweep, sweep_alt
from pages.ui.charts import PLAIN, ink
from pages.ui.music.memorising import memorising_view
from pages.ui.music.models import Voice
from pages.ui.words import as_text, three_digits

SWEEP = """
The temperature divides the scores before the softmax. A **low** one favours the most
likely token: few pitches, repeated notes, and more copying, as the most likely
continuation of five known notes is often the known sixth. A **high** one also chooses
tokens that the model considers unlikely. The loss is lowest near 1 if the model is well
calibrated.
"""


def judgement_view(voice: Voice) -> None:
    """Draw all of it."""
    result = voice.result
    corpus = result.corpus
    st.markdown(
        f"**{as_text(corpus.title)}.** Evaluated on {len(corpus.test)} whole held-out "
        f"pieces and compared with a Markov chain over "
        f"{'degrees of the scale' if result.markov.alphabet == 'degrees' else 'tokens'}"
        f" of order {result.markov.order}, the best of orders 0 to 8 on the "
        "validation set."
    )
    st.table(_figures(result))
    st.markdown(_gain(result))
    with st.grid(2, min_column_width=320):
        with st.container():
            st.markdown("##### Against Markov chains")
            ours = result.judgement.validation
            _chart(
                orders(result.markov, ours, ink()),
                orders_alt(result.markov, ours),
                "orders",
            )
            st.caption(
                "A Markov chain counts what followed the last few sixteenths. At a "
                "high order it has seen most contexts only once, and its loss rises."
            )
        with st.container():
            st.markdown("##### Temperature")
            if result.sweep:
                _chart(sweep(result.sweep, ink()), sweep_alt(result.sweep), "sweep")
            st.caption(SWEEP)
    if result.sweep:
        st.table(_swept(result))
    memorising_view()


def _figures(result: Result) -> list[dict]:
    judged, markov = result.judgement, result.markov
    rows = (
        ("Nats per sixteenth", three_digits(judged.nats), three_digits(markov.nats)),
        (
            "Perplexity",
            three_digits(judged.perplexity),
            three_digits(perplexity(markov.nats)),
        ),
        (
            "Onset accuracy",
            f"{judged.onset_accuracy:.1%}",
            f"{markov.onset_accuracy:.1%}",
        ),
    )
    return [
        {"On held-out pieces": name, "This model": ours, "Best Markov chain": theirs}
        for name, ours, theirs in rows
    ]


def _gain(result: Result) -> str:
    judged = result.judgement
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


def _swept(result: Result) -> list[dict]:
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


def _chart(figure, alt: str, key: str) -> None:
    st.plotly_chart(figure, key=f"music_{key}", theme=None, config=PLAIN, alt=alt)
