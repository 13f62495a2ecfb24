"""The texts of the lessons: questions, equations, readings, references."""

from typing import NamedTuple

from core.figures import palette


class Question(NamedTuple):
    """A question with its options, the right one, and the explanation."""

    text: str
    options: tuple[str, ...]
    right: int
    why: str


QUESTIONS = {
    ("rnn", "The cell"): Question(
        "If every weight in Waa were 0, what would the new state depend on?",
        ("The input alone", "The old state alone", "Both, but weakly"),
        0,
        "Waa is the only connection from the old state to the new one. Set it to zero "
        "and change a number of the old state: the new state does not change.",
    ),
    ("rnn", "Forward"): Question(
        "A letter comes twice, as “l” in “hello”. Is the state the same both times?",
        ("Yes, the input is the same", "No, the past differs", "Only the second unit"),
        1,
        "The state mixes the letter with what came before it. In “hello” the second "
        "“l” comes after “hel”, the first after “he”.",
    ),
    ("rnn", "Backward"): Question(
        "The loss depends on the last state only. What happens to its gradient in the "
        "backward pass?",
        ("It stays the same", "It shrinks or grows step by step", "It stops at once"),
        1,
        "Each step multiplies it by a matrix, Waaᵀ diag(1 − h²): the slopes of tanh, "
        "then Waa transposed. A product of many matrices that shrink it is nearly 0; "
        "one of many that stretch it explodes.",
    ),
    ("lstm", "The cell"): Question(
        "The forget gate is 1 and the input gate is 0. What is the new cell state?",
        ("Zero", "The candidate", "The old cell state"),
        2,
        "cₜ = 1 ∗ cₜ₋₁ + 0 ∗ c̃ₜ: the cell state does not change. Raise bf "
        "and lower bi to see it.",
    ),
    ("lstm", "Forward"): Question(
        "Which of these can leave the range −1 to 1?",
        ("The hidden state", "The cell state", "The forget gate"),
        1,
        "The cell state is a sum, and each step may add to it. Gates are between 0 and "
        "1, and the hidden state is a tanh multiplied by a gate.",
    ),
    ("lstm", "Backward"): Question(
        "By what is the gradient along the cell state multiplied at each step back?",
        ("By the forget gate", "By all four weight matrices", "By the output gate"),
        0,
        "Along the cell state the only factor is the forget gate. While it is near 1, "
        "the gradient reaches far back.",
    ),
    ("rnn", "Learning"): Question(
        "Two of 50 numbers are marked, and the network has to output their sum after "
        "the last step. The LSTM learns this. What does the RNN's error do meanwhile?",
        ("Falls as fast", "Stays at that of a constant answer", "Falls half as fast"),
        1,
        "Before training the first numbers influence the RNN as much as the LSTM, "
        "within a factor of ten, in four of five seeds. At this learning rate training "
        "soon drives its states towards −1 and 1, where tanh is flat. In most of five "
        "seeds that removes the gradient; in the others it still reaches back, and the "
        "RNN fails all the same. At a tenth of the rate, with four times the updates, "
        "it learned (one seed). See *Vanishing gradient* below.",
    ),
    ("lstm", "Learning"): Question(
        "While the LSTM learns to keep a number over 50 steps, what happens to the "
        "gradient that reaches the first step?",
        ("It grows", "It stays as it was", "It shrinks further"),
        0,
        "Training opens the forget gates where a value has to be kept, and a gate that "
        "keeps the cell state also keeps its gradient. Under *Vanishing gradient*, "
        "compare the dashed line (before training) with the solid one (after).",
    ),
    ("gru", "The cell"): Question(
        "The update gate is 1. What is the new hidden state?",
        ("The candidate", "The old hidden state", "Zero"),
        1,
        "hₜ = 1 ∗ hₜ₋₁ + 0 ∗ c̃ₜ. What is kept and what is added always sum to 1, where "
        "the LSTM has a gate for each. Raise bz to see it.",
    ),
    ("gru", "Forward"): Question(
        "The reset gate is 0 at one letter. What does the new state depend on?",
        (
            "The newest letter alone",
            "The letter, and the old state by way of the update gate",
            "The old state alone",
        ),
        1,
        "The reset gate clears the old state out of the candidate only. The update "
        "gate still mixes the old state in.",
    ),
    ("gru", "Backward"): Question(
        "On which path does the gradient pass back without any weight matrix?",
        (
            "Through the reset gate",
            "Through the candidate",
            "Along the state, multiplied by the update gate",
        ),
        2,
        "hₜ contains zₜ ∗ hₜ₋₁, so dh is multiplied by zₜ alone on this path. It is "
        "the forget gate's path of the LSTM, without a second state.",
    ),
    ("gru", "Learning"): Question(
        "With as many parameters as the LSTM, how many units can a GRU have?",
        ("Fewer", "As many", "More"),
        2,
        "A GRU has three layers per unit where the LSTM has four, so the same number "
        "of parameters gives it more units.",
    ),
    ("mingru", "The cell"): Question(
        "A number of the old state is changed. Which of these changes with it?",
        ("The update gate", "The candidate", "The new hidden state alone"),
        2,
        "Gate and candidate read the input alone. The old state takes part only where "
        "it is mixed with the candidate.",
    ),
    ("mingru", "Forward"): Question(
        "How many steps, one after the other, does a sequence of 1,024 need at least?",
        ("1,024", "512", "10"),
        2,
        "No gate waits for a state, so two neighbouring steps can be combined into one "
        "of the same form, then two of those, and so on: log₂ 1,024 = 10 rounds.",
    ),
    ("mingru", "Backward"): Question(
        "By what is the gradient multiplied on its way from one state to the previous?",
        ("By 1 − zₜ alone", "By 1 − zₜ and a weight matrix", "By a slope of tanh"),
        0,
        "There is no other path between two states. The gradient cannot explode, and "
        "it lasts where the gate keeps.",
    ),
    ("mingru", "Learning"): Question(
        "The gate of a minGRU cannot see its state. Can it still solve the adding "
        "problem, where two marked numbers have to be added?",
        ("Yes", "No, it cannot count the marks", "Only without the marks"),
        0,
        "Whether to write depends on the mark, which is part of the input, and not on "
        "what is stored. Whether the number of marks so far is odd or even is another "
        "matter: there each mark has to turn the state over, and a gate between 0 and "
        "1 only mixes it.",
    ),
}


WRITING = Question(
    "The right next letter never gets a probability near 100%. What is the reason?",
    (
        "The network has forgotten the beginning of the name",
        "Many letters can follow the same beginning",
        "It was trained for too few epochs",
    ),
    1,
    "After “Ma” the names of the text go on with r, n, t, l and others, and nothing in "
    "“Ma” tells which. A good network gives each of them the share that it has in the "
    "text. The preset *Memorise one sentence* has a text in which only one letter can "
    "follow.",
)


PRESETS = {  # meaning of each preset, by task
    "text": {
        "Invent names": "The network learns which letter follows, and invents names.",
        "Memorise one sentence": "It reads one sentence until it knows it by heart.",
        "Forget bias 0": "The gate that keeps the old state starts half closed. Over a "
        "name of a few letters that makes no difference; over 50 steps it does (see "
        "the same preset of the *Adding problem*).",
        "No recurrence": "Nothing reads the state of the step before. The RNN then "
        "knows the newest letter alone, and its loss stays higher. A gated cell still "
        "keeps a part of its state, and loses little.",
        "The dropped da_prev": "No gradient is passed to the step before, a common "
        "mistake. The loss falls almost as if nothing were wrong: only finite "
        "differences find it (*Trace the mistake back*).",
        "Learning rate too high": "Every update overshoots. Gated networks learn "
        "little more than how frequent each letter is; the RNN becomes worse than "
        "guessing.",
        "SGD without clipping": "Plain gradient descent with large steps: the RNN "
        "becomes worse than guessing. With *Clip* at 1 it learns, because no update "
        "follows a long gradient far. The gradients of the gated networks are short, "
        "and they learn either way.",
        "Huge steps without clipping": "A learning rate of 10: in every cell the loss "
        "rises to dozens or hundreds of nats. Clipping would not help, because Adam "
        "scales each step by itself.",
    },
    "adding": {
        "Vanishing gradient": "The LSTM learns to add over 50 steps. The RNN does not: "
        "training drives its states towards −1 and 1, where tanh is flat, and in most "
        "of five seeds its gradient vanishes.",
        "Ten steps only": "Over ten steps the gradient need not reach far, and the RNN "
        "learns as well.",
        "Patience: a tenth of the learning rate": "Small steps, and four times as "
        "many: the RNN's states stay where tanh has a slope, its gradient reaches the "
        "first numbers, and it learns (tried with one seed).",
        "Exploding without clipping": "Plain gradient descent with large steps: the "
        "RNN's gradient grows from one update to the next (see *Curves*) until its "
        "loss overflows. With *Clip* at 1 it does not.",
        "Forget bias 0": "The forget gate starts at 0.5 in place of 0.73 and halves "
        "the cell state at each step: before training, hardly any gradient of the LSTM "
        "reaches the first numbers. (With 0.73 it does only together with the "
        "candidate: the gate alone would leave 0.73⁴⁹ = 2·10⁻⁷.) It learns almost as "
        "soon all the same, as training opens the gate.",
        "Forget bias -3: it forgets at once": "The forget gate starts at 0.05: what "
        "the LSTM has stored is gone two steps later, and so is its gradient. Training "
        "has to open the gate first, and the LSTM learns later.",
        "Small initial weights": "Orthogonal weights from state to state keep the "
        "length of what passes through them. At half that size the RNN's gradient has "
        "vanished before any training, and with the rate of *Patience* it takes about "
        "twice as many updates until it learns.",
        "No recurrence": "Nothing reads the state of the step before. The RNN sees one "
        "number at a time and cannot add two; the LSTM still has its cell state, and "
        "learns, only later.",
        "The dropped da_prev": "No gradient is passed to the step before, a common "
        "mistake. The RNN learns nothing. The LSTM learns, only later: the loss does "
        "not show that its gradient is wrong.",
        "Truncated: 5 of 20 steps": "The state is handed on over all 20 steps, the "
        "gradient back over the last 5 only. The LSTM learns to add all the same: "
        "what it learns to do with a mark near the end, it does at every mark. With "
        "*Truncate* at 20 its error is a fifth of this one, with 1 seven times as "
        "large (five seeds). No difference is clear in the RNN.",
        "Learning rate too high": "Every update overshoots, and no network learns "
        "anything.",
        "Four networks, equal parameters": "As many parameters as an LSTM of 16 units "
        "has: 19 units in the GRU, 33 in the RNN, 176 in the minGRU, whose gates do "
        "not read the state. All but the RNN learn to add. With as many as an LSTM of "
        "32 units the same is true over 50 and over 100 steps, with five seeds each; "
        "the minGRU then has 645 units and takes six times as long as the LSTM, "
        "because one processor computes all of them, step after step.",
    },
}


def question_key(page: str, step: str) -> str:
    """The key of a question in the store."""
    return f"{page} {step}"


def _aligned(*rows: tuple[str, str, str]) -> str:
    lines = [
        rf"\textcolor{{{colour}}}{{\blacksquare}}\; {left} &= {right}"
        for colour, left, right in rows
    ]
    body = r" \\[0.4em] ".join(lines)
    return rf"\begin{{aligned}}{body}\end{{aligned}}"


def _gate(squash: str, letter: str, inputs: str = "[h_{t-1}; x_t]") -> str:
    return rf"{squash}(\mathit{{W{letter}}}\, {inputs} + \mathit{{b{letter}}})"


def _output(weights: str) -> tuple[str, str, str]:
    output = rf"\mathrm{{softmax}}(\mathit{{{weights}}}\, h_t + \mathit{{by}})"
    return palette.NAIVE, r"\hat y_t", output


# In LaTeX, each with its colour; weights as in the code: Waa, not W_aa.
EQUATIONS = {
    "rnn": _aligned(
        (
            palette.HIDDEN_STATE,
            "h_t",
            r"\tanh(\mathit{Waa}\, h_{t-1} \\ &\quad + \mathit{Wax}\, x_t + "
            r"\mathit{ba})",
        ),
        _output("Wya"),
    ),
    "lstm": _aligned(
        (palette.FORGET_GATE, "f_t", _gate(r"\sigma", "f")),
        (palette.INPUT_GATE, "i_t", _gate(r"\sigma", "i")),
        (palette.CANDIDATE, r"\tilde c_t", _gate(r"\tanh", "c")),
        (palette.OUTPUT_GATE, "o_t", _gate(r"\sigma", "o")),
        (palette.CELL_STATE, "c_t", r"f_t * c_{t-1} + i_t * \tilde c_t"),
        (palette.HIDDEN_STATE, "h_t", r"o_t * \tanh(c_t)"),
        _output("Wy"),
    ),
    "gru": _aligned(
        (palette.UPDATE_GATE, "z_t", _gate(r"\sigma", "z")),
        (palette.RESET_GATE, "r_t", _gate(r"\sigma", "r")),
        (palette.NAIVE, "s_t", r"\mathit{Wca}\, h_{t-1} + \mathit{bca}"),
        (
            palette.CANDIDATE,
            r"\tilde c_t",
            r"\tanh(\mathit{Wcx}\, x_t + \mathit{bc} \\ &\quad + r_t * s_t)",
        ),
        (palette.HIDDEN_STATE, "h_t", r"z_t * h_{t-1} + (1 - z_t) * \tilde c_t"),
        _output("Wy"),
    ),
    "mingru": _aligned(
        (palette.UPDATE_GATE, "z_t", _gate(r"\sigma", "z", "x_t")),
        (palette.CANDIDATE, r"\tilde c_t", r"\mathit{Wc}\, x_t + \mathit{bc}"),
        (palette.HIDDEN_STATE, "h_t", r"(1 - z_t) * h_{t-1} + z_t * \tilde c_t"),
        _output("Wy"),
    ),
}


TO_TRY = """
1. **Teach it a name**. Each press is one step of training.
2. **Press play** and watch {}.
3. **Make it forget**, or open a box and change a number.
"""
PLAYED = {  # what one watches
    "rnn": "an input and the old memory become a new one",
    "lstm": "three gates decide about one memory",
    "gru": "the old memory mixed with a new one",
    "mingru": "one gate mix the old memory with a new one",
}


class Experiment(NamedTuple):
    """A button that sets all numbers of an array, and what to look at then."""

    label: str
    name: str
    value: float
    then: str


EXPERIMENTS = {
    "rnn": (
        Experiment("forget", "Waa", 0, "change hₜ₋₁. What moves?"),
        Experiment("ignore its input", "Wax", 0, "change xₜ. What moves?"),
    ),
    "lstm": (
        Experiment("forget", "bf", -10, "change cₜ₋₁. What moves?"),
        Experiment("remember", "bf", 10, "change cₜ₋₁. What moves?"),
        Experiment("show nothing", "bo", -10, "which state stays, and which is 0?"),
    ),
    "gru": (
        Experiment("forget", "bz", -10, "to what is the new state equal?"),
        Experiment("remember", "bz", 10, "to what is the new state equal?"),
        Experiment("start anew", "br", -10, "change hₜ₋₁. Does the candidate move?"),
    ),
    "mingru": (
        Experiment("forget", "bz", 10, "to what is the new state equal?"),
        Experiment("remember", "bz", -10, "to what is the new state equal?"),
    ),
}


READINGS = {  # heading and text of each step, in Markdown
    ("rnn", "The cell"): (
        "What a recurrent network is",
        """
A feedforward network treats each input independently of all others. A recurrent network
keeps a **hidden state**: at every step it combines the new input with the state of the
previous step. The same weights are used at every step, so a sentence of five words and
one of fifty are processed by the same network.

It suits data whose order matters and whose length is not known in advance: text,
speech, music, sensor readings, prices. The state is all that the network keeps of the
past, and its size is fixed. This makes the network compact, and it limits what it can
remember.

Elman (1990) trained such a network to predict the next letter or word, and found that
its states grouped words into nouns and verbs, although no one had labelled them.
""",
    ),
    ("rnn", "Forward"): (
        "One network, many steps",
        """
Unrolled in time, the recurrence becomes a chain of copies of one cell that share their
weights. Nothing else changes: the forward pass computes the copies in order.

The state after the last letter depends on every letter, but not equally: the influence
of an early letter has passed through tanh and the weights many times. Lower *Recurrent
scale*, and the state depends almost only on the newest letter; raise it, and the units
saturate near −1 and 1.
""",
    ),
    ("rnn", "Backward"): (
        "Why long dependencies are hard to learn",
        """
In the backward pass the gradient passes through one step after another, and each step
multiplies it by a matrix: Waaᵀ diag(1 − h²), the slopes of tanh and then the transposed
recurrent weights. If each step scales its length by 0.9, fifty steps leave 0.005; with
1.1 they leave 117. Gradients **vanish** or **explode** with the distance in time.

Hochreiter analysed this in his thesis of 1991. Bengio, Simard and Frasconi (1994)
proved that it is unavoidable in such networks: where a state stores information
robustly against noise, its gradient vanishes. The network could represent what happened
long ago, but gradient descent hardly finds weights that do.

A gradient whose norm is too large can be scaled down (clipping). Scaling up does not
help against vanishing: the whole gradient is a sum over time, in which the terms of
distant inputs drown in those of near ones. Orthogonal initial weights, as here, keep
them long at the start of training, and a small learning rate keeps the states away from
−1 and 1, where tanh is flat (see *Watch it learn*). What helps most is another cell.
""",
    ),
    ("lstm", "The cell"): (
        "What the LSTM changes",
        """
Hochreiter and Schmidhuber (1997) gave the cell a second state, the cell state, which is
**added to** rather than recomputed at every step. Gates, small layers with outputs
between 0 and 1, control how much is written to it and how much of it is output.

In their first version the cell state was never scaled down: every step could only add
to it, and on long inputs it could grow without bound. Gers, Schmidhuber and Cummins
(2000) added the **forget gate**, with which the cell can reset itself. That is the LSTM
in use today. The forget gate's bias often starts at 1, so that the cell keeps its state
by default.
""",
    ),
    ("lstm", "Forward"): (
        "A memory with gates",
        """
Follow the cell state along the sequence: where the forget gate is near 1 and the input
gate near 0, a value passes from step to step almost unchanged. The hidden state is tanh
of the cell state, multiplied by the output gate.

Each unit has its own gates, so some units can keep an old value while others follow the
newest input. Here the weights are random: the input and output gates are near .5, and
the forget gate is near σ of the *Forget bias* (under *Weights*), .73 for a bias of 1.
With a higher bias the cell state lasts longer from the start. Training opens and closes
all three.
""",
    ),
    ("lstm", "Backward"): (
        "The path on which gradients need not vanish",
        """
Along the cell state the gradient is multiplied by the forget gate alone: there is no
weight matrix and no tanh. With the gate at 0.99, 60% of it is left after fifty steps.

Gradients along the hidden state still vanish or explode, and a closed forget gate
blocks the gradient as well. The LSTM does not remove the problem that Hochreiter (1991)
and Bengio et al. (1994) described; it lets the network learn what to keep.

Choose the backward pass *Cell state not handed on* above to see what is lost without
this path.
""",
    ),
    ("gru", "The cell"): (
        "What the GRU leaves out",
        """
Cho et al. (2014) merged the LSTM's two states into one, and its forget and input gates
into one **update gate**: what is kept and what is added sum to 1. There is no output
gate; the whole state is visible to the next step. The **reset gate** decides how much
of the old state enters the candidate, so that a unit can start anew.

The paper's final version resets the state before the multiplication, Wca (r ∗ h); its
first version resets the product. So does this page, r ∗ (Wca h + bca), as cuDNN and
Keras do.
It needs one more bias, and lets one matrix product serve all three layers.

Some texts write z for what is added in place of what is kept. Chung et al. (2014)
compared both cells on music and speech: each was the better one on some of the data.
""",
    ),
    ("gru", "Forward"): (
        "A mixture at each step",
        """
The new state lies between the old one and the candidate, unit by unit. Where the update
gate is near 1 a value passes on unchanged; where it is near 0 the unit follows the
candidate.

All states stay between −1 and 1, because each is a mixture of values in this range.
The cell state of the LSTM is a sum, and may leave it. With random weights the
reset gate is near the middle and the update gate near 0.7, because its bias is 1 at
first. A higher *Forget bias* (under *Weights*) raises it, and the state lasts longer.
""",
    ),
    ("gru", "Backward"): (
        "The direct path",
        """
The gradient reaches the previous state in four ways: directly, multiplied by the update
gate; and through both gates and the candidate, where weights and slopes take part. The
direct way is the one on which it lasts.

Choose *Direct path left out* above to see what is lost without it. *Reset gate left
out* is a mistake that is easily made when the two forms of the GRU are mixed up: it is
nearly right where the reset gate is open, and the check finds it all the same.
""",
    ),
    ("mingru", "The cell"): (
        "A gate that does not look at its state",
        """
In an RNN, an LSTM or a GRU each step must wait for the state of the one before, because
the gates read it. Feng et al. (2024) asked what is lost if they do not: the **minGRU**
has one gate and one candidate, both functions of the input alone, and no tanh. Gates
without a weight matrix on the state are older: QRNN (Bradbury et al. 2017), SRU (Lei et
al. 2018), and the networks that Martin and Cundy (2018) trained by a parallel scan.

What is lost: a gate can no longer decide by what is stored. With equal inputs a unit
only approaches its candidate; n units can change the answer at most n times, so a
single layer cannot tell odd from even for longer. The authors stack several
layers, so that the gates of an upper layer read the states of the one below. What is
gained: far fewer weights, and no waiting where much can be computed at once.

In the paper, and so here, z is the share of the **new** value; in the GRU beside it, it
is that of the old one.
""",
    ),
    ("mingru", "Forward"): (
        "All steps at once",
        """
The state is hₜ = pₜ ∗ hₜ₋₁ + qₜ, where p and q depend on the inputs alone and are
computed for the whole sequence at once. Two such steps, one after the other, are again
one of this form. So neighbours can be combined in pairs, the results in pairs again,
and after log₂ T rounds every state is there: a **parallel scan**.

`mingru_scan` above is the scan of Hillis and Steele (1986): T log₂ T operations in all,
where the loop needs T. State-space models such as Mamba (Gu and Dao, 2023) are trained
by a scan of about 2 T. Loop and scan give the same numbers, to ten decimals; on one
processor the scan may be faster or slower, as measured below the chart.
""",
    ),
    ("mingru", "Backward"): (
        "A product of gates",
        """
From one state to the previous one the gradient is multiplied by 1 − z, unit by unit,
and by nothing else. The factor is between 0 and 1, so it cannot explode, and there is
only one way in which it can vanish: by a gate that replaces the state.

Feedback of a state into its own gate is missing, and with it the rest of what makes
gradients of recurrent networks hard to follow. Choose *The other convention* above to
see how a sign is lost when the papers' two meanings of z are mixed up.
""",
    ),
}
REFERENCES = """
- J. L. Elman, “Finding structure in time”, *Cognitive Science* 14 (1990), 179–211.
- P. J. Werbos, “Backpropagation through time: what it does and how to do it”,
  *Proceedings of the IEEE* 78 (1990), 1550–1560.
- S. Hochreiter, *Untersuchungen zu dynamischen neuronalen Netzen*, diploma thesis,
  Technische Universität München (1991).
- Y. Bengio, P. Simard, P. Frasconi, “Learning long-term dependencies with gradient
  descent is difficult”, *IEEE Transactions on Neural Networks* 5 (1994), 157–166.
- S. Hochreiter, J. Schmidhuber, “Long short-term memory”, *Neural Computation* 9
  (1997), 1735–1780.
- F. A. Gers, J. Schmidhuber, F. Cummins, “Learning to forget: continual prediction
  with LSTM”, *Neural Computation* 12 (2000), 2451–2471.
- K. Cho, B. van Merriënboer, C. Gulcehre, D. Bahdanau, F. Bougares, H. Schwenk,
  Y. Bengio, “Learning phrase representations using RNN encoder-decoder for statistical
  machine translation”, *EMNLP* (2014), 1724–1734.
- J. Chung, C. Gulcehre, K. Cho, Y. Bengio, “Empirical evaluation of gated recurrent
  neural networks on sequence modeling”, arXiv:1412.3555 (2014).
- A. Karpathy, J. Johnson, L. Fei-Fei, “Visualizing and understanding recurrent
  networks”, arXiv:1506.02078 (2015).
- H. Strobelt, S. Gehrmann, H. Pfister, A. M. Rush, “LSTMVis: a tool for visual analysis
  of hidden state dynamics in recurrent neural networks”, *IEEE Transactions on
  Visualization and Computer Graphics* 24 (2018), 667–676.
- W. D. Hillis, G. L. Steele, “Data parallel algorithms”, *Communications of the ACM* 29
  (1986), 1170–1183.
- J. Bradbury, S. Merity, C. Xiong, R. Socher, “Quasi-recurrent neural networks”, *ICLR*
  (2017), arXiv:1611.01576.
- T. Lei, Y. Zhang, S. I. Wang, H. Dai, Y. Artzi, “Simple recurrent units for highly
  parallelizable recurrence”, *EMNLP* (2018), arXiv:1709.02755.
- E. Martin, C. Cundy, “Parallelizing linear recurrent neural nets over sequence
  length”, *ICLR* (2018), arXiv:1709.04057.
- A. Gu, T. Dao, “Mamba: linear-time sequence modeling with selective state spaces”,
  arXiv:2312.00752 (2023).
- L. Feng, F. Tung, M. O. Ahmed, Y. Bengio, H. Hajimirsadeghi, “Were RNNs all we
  needed?”, arXiv:2410.01201 (2024).
"""
