"""What a model is worth on pieces that it never saw, and what it does when played."""

import streamlit as st

from core.music import Result
from core.music.figures import orders, orders_alt, perplexity, sweep, sweep_alt
from pages.ui.music.memorising import memorising_view
from pages.ui.music.models import Voice
from pages.ui.theme import PLAIN, ink
from pages.ui.words import as_text, three_digits

SWEEP = """
The temperature divides the scores before the softmax. **Low** takes the likeliest token
again and again: few pitches, the same note repeated, and the surest copies, as the
likeliest way on from five known notes is often the known sixth. **High** takes what the
model holds wrong. The loss is least near 1 where a model is neither too sure nor too
modest.
"""


def judgement_view(voice: Voice) -> None:
    """Draw all of it."""
    result = voice.result
    corpus = result.corpus
    st.markdown(
        f"**{as_text(corpus.title)}.** Judged on {len(corpus.test)} whole pieces that "
        f"no training saw, beside a Markov chain over "
        f"{'degrees of the scale' if result.markov.alphabet == 'degrees' else 'tokens'}"
        f" of order {result.markov.order}, the best of 0 to 8 on the validation pieces."
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
                "A Markov chain counts what followed the last few sixteenths. Looking "
                "further back it has seen everything only once, and its loss grows."
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
        ("Nats a 16th", three_digits(judged.nats), three_digits(markov.nats)),
        (
            "Perplexity",
            three_digits(judged.perplexity),
            three_digits(perplexity(markov.nats)),
        ),
        (
            "Right onsets",
            f"{judged.onset_accuracy:.1%}",
            f"{markov.onset_accuracy:.1%}",
        ),
    )
    return [
        {"On pieces never seen": name, "This model": ours, "Best Markov": theirs}
        for name, ours, theirs in rows
    ]


def _gain(result: Result) -> str:
    judged = result.judgement
    if judged.chord_gain is None:
        return (
            "**Chord gain.** This model has heard no chords in training, so there is "
            "nothing to hide from it."
        )
    return (
        f"**Chord gain.** With the chords hidden its loss is "
        f"{three_digits(judged.without_chords)} instead of "
        f"{three_digits(judged.nats)}: hearing them is worth "
        f"**{judged.chord_gain:+.3f}** nats a 16th."
    )


def _swept(result: Result) -> list[dict]:
    return [
        {
            "Temperature": f"{one.temperature:g}",
            "Nats a 16th": three_digits(one.nats),
            "Longest copy": f"{one.longest_copy} notes" if one.longest_copy else "–",
            "Entropy, bits": f"{one.figures['pitch_class_entropy']:.2f}",
            "In one scale": f"{one.figures['scale_consistency']:.0%}",
            "Groove": f"{one.figures['groove_consistency']:.2f}",
            "Empty beats": f"{one.figures['empty_beat_rate']:.0%}",
        }
        for one in result.sweep
    ]


def _chart(figure, alt: str, key: str) -> None:
    st.plotly_chart(figure, key=f"music_{key}", theme=None, config=PLAIN, alt=alt)
