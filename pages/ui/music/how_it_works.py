"""How it works: from notes to tokens to notes, in equations and in code."""

import streamlit as st

from core.music.report import report_verdicts
from pages.ui.controls import code
from pages.ui.music.models import shipped

TOKENS = """
**1. A melody as tokens.** Time is divided into sixteenths. In each one a note begins, a
note is held, or there is a rest. Every piece is transposed to C major or A minor, so
that a tune is the same in all keys. At each step the model also reads the current
chord and the next one, the position in the bar, and the last two intervals and
durations.
"""
REPEATS = """
**2. Copies as inputs.** Melodies repeat themselves, and an LSTM is bad at remembering
exactly. So eight simple predictors copy: five give the token of 1, 2, 4, 8 or 16 bars
ago, three give what followed the last time the latest 8, 16 or 32 sixteenths were
played, in any key, transposed to where the melody is now. The model reads what each
predicts, and how often it has been right lately.
"""
LSTM = """
**3. Predicting the next token.** The inputs $x_t$ are embedded; an LSTM reads the
embedding $e_t$ and keeps a cell state $c_t$:

$$
e_t = \\max(0, W_e x_t), \\qquad
f_t, i_t, o_t = \\sigma(W [h_{t-1}, e_t] + b)
$$

$$
c_t = f_t \\odot c_{t-1} + i_t \\odot \\tanh(W_c [h_{t-1}, e_t] + b_c), \\qquad
h_t = o_t \\odot \\tanh c_t
$$

The scores read the embedding as well (a skip connection): $s_t = W_s [h_t, e_t] + b_s$.
The score of a note is a sum of four: of the token itself, of its interval $m$ from the
last note, of its degree $d$ above the chord's root, and of each predictor $k$ whose
prediction $y_k$ it is. So what is learned of an interval or of a copy holds for every
pitch:

$$
z(y) = s^{\\text{token}}_y + s^{\\text{interval}}_{m(y)} + s^{\\text{degree}}_{d(y)}
+ \\sum_{k:\\, y_k = y} s^{\\text{copy}}_k, \\qquad
p(y_{t+1}) = \\text{softmax}(z)
$$

The classic recipe is the plain one: its only input is its last token, and
$z = W_y h_t + b_y$.
"""
PERPLEXITY = """
**4. Nats and perplexity.** The loss is the mean negative log-probability of what the
composer wrote, over the $N$ sixteenths of a piece:

$$
L = -\\frac{1}{N} \\sum_{t} \\ln p(y_t), \\qquad \\text{perplexity} = e^{L}
$$

A perplexity of 3 means that the model is as uncertain as if it chose among three
equally likely tokens at each sixteenth. Most sixteenths only hold a note, which is easy
to predict; therefore the **onset accuracy**, on notes that begin, is shown as well.
"""
CHOOSING = """
**5. Sampling.** The temperature $T$ sharpens or flattens the probabilities; top-k and
top-p exclude the least likely tokens:

$$
p_k = \\frac{e^{z_k / T}}{\\sum_j e^{z_j / T}}
$$

**Why does a model repeat one note?** The most likely token is often the same note
again. At a low temperature it is always chosen, and five repetitions make a sixth even
more likely. Here a note may be struck at most four times in a row.

**Why does it copy?** After five notes that occur in one training piece only, the sixth
note of that piece is the best prediction. The smaller the training set and the longer
the training, the more a model copies. The guard counts the notes of the passage being
copied and rejects a note that would make it longer than such passages in unrelated
pieces.
"""


PLAN = """
**6. The plan.** So far the network is alone. With *Plan: phrases*, a plan adds biases
to its scores: 0.3 nats to chord tones on strong beats, 4 nats to the rhythm and the
pitches of a motif that is to return. Where a phrase breathes and how the piece ends are
rules. Of each phrase six candidates are sampled, and a ranking by rules keeps one. The
piano roll shows for each note which of these it comes from. Chords, bass and drums are
rules throughout: nothing of the accompaniment is learnt.
"""


def how_it_works() -> None:
    """Draw the explanation, and the code that plays on this page."""
    st.markdown(TOKENS)
    code("core.music.model.inputs", "StepwiseInputs.next")
    st.markdown(REPEATS)
    code("core.music.model.inputs", "StepwiseInputs._repetitions")
    st.markdown(LSTM)
    code("core.music.model.network", "Network")
    code("core.music.model.players", "DefaultPlayers")
    st.markdown(PERPLEXITY)
    code("core.music.judging.judgement", "totals_of")
    result = shipped("ragtime").result
    st.markdown(f"**The built-in model of rags.** {' '.join(report_verdicts(result))}")
    code("core.music.model.copying", "Copier")
    st.markdown(CHOOSING)
    code("core.music.improviser.sampling", "generate")
    code("core.music.judging.originality", "CopyGuard")
    code("core.music.judging.originality", "CopyIndex._matches")
    st.markdown(PLAN)
    code("core.music.improviser.guided", "generate_guided")
    code("core.music.arranger.guide", "PlanGuide")
