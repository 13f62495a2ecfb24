"""The successors of recurrent networks: the parts of the page `became`."""

import streamlit as st

from core import examples
from core.lesson.attention import (
    costs,
    influence_beside_attention,
    influence_of_the_first,
)
from core.lesson.figures import COST_LENGTHS, cost_figure, initial_influence_figure
from core.lesson.verdicts import in_words, verdict
from pages.ui.address import bind
from pages.ui.charts import chart, ink
from pages.ui.lesson.texts import Question
from pages.ui.membership import note_event
from pages.ui.once import once
from pages.ui.words import large_number

LENGTHS = COST_LENGTHS[:-1]  # the double of each is in the chart as well
UNITS = (16, 64, 256, 1024)
DILUTED = (10, 50, 200)  # lengths whose first input is followed to the last state
QUANTITIES = {  # of `core.lesson.attention.Cost`: on the page, and what it means
    "stored": (
        "Numbers to keep",
        "What has to be in memory to read the next symbol: the state, or the keys and "
        "values of all symbols so far.",
    ),
    "next_products": (
        "Work for the next symbol",
        "Multiplications for one more symbol, as when a text is generated. Attention "
        "compares it with every symbol that is stored.",
    ),
    "all_products": (
        "Work for all symbols",
        "Multiplications for the whole sequence. Few weights make the minGRU cheap; "
        "for short sequences attention needs fewer than the LSTM.",
    ),
    "waits": (
        "Steps that wait",
        "Steps that must wait for each other while a known sequence is read, as in "
        "training. This, and not the work, is what made RNNs slow on parallel "
        "hardware. A sum over T counts as one step; added in pairs, that of attention "
        "takes log₂ T rounds, as the scan does. A generated text waits for each symbol "
        "in any case.",
    ),
    "path": (
        "Steps back to the first input",
        "Steps that the gradient passes from the last state to the first input: at "
        "each of them it can shrink.",
    ),
}
QUESTION = Question(
    "A sequence becomes twice as long. Which of these becomes twice as large?",
    (
        "The state of an LSTM",
        "What attention has to keep",
        "The number of weights of either",
    ),
    1,
    "The state has a fixed size, and the weights are the same at every step. Attention "
    "keeps a key and a value of every symbol. Compare the columns below.",
)
ATTENTION = """
In **Sutskever, Vinyals and Le (2014)** one LSTM read a sentence into one vector, and
another wrote a translation from it. **Cho et al. (2014)** had two RNNs with the first
GRU do the same, to score the phrases of a translation system. **Bahdanau, Cho and
Bengio (2015)** let the second network look back at all states of the first, each with a
weight that the network computes. With this *attention*, long sentences were translated
about as well as short ones.

**Vaswani et al. (2017)** left the recurrence out. In their *Transformer* each symbol
asks all others directly: the steps do not wait for each other, and the gradient passes
one step, however far away an input is. The chart shows it **before any training**: the
influence of an input on the last state falls with its distance in all four cells of
this dashboard, and does not in a layer of attention. The newest input counts more there
because it is also the one that asks.

Attention has a weakness of its own: its weights sum to 1, so all inputs share the
influence, and each gets less of it the more there are. The table shows how much: from
10 inputs to 200, attention loses a factor of about twenty, and the cells lose nearly
all.

The direct path has two costs. A layer of attention does not see the order of its
inputs: positions are added to them, or the queries and keys are rotated by them (RoPE,
**Su et al. 2021**). Where each symbol sees only those before it, this alone can tell a
network the order (**Haviv et al. 2022**). And attention stores all symbols: memory
grows with T, and the work for a sequence with T². GPT is such a network: the T stands
for Transformer.
"""
SPACES = """
An RNN, an LSTM or a GRU must wait because the new state is computed from the old one
through weights and tanh or σ. **State-space models** leave these out: the next state is
a linear function of the state and the input. In S4 (**Gu, Goel and Ré 2022**) the
matrix, diagonal plus one of low rank, never changes, so all outputs are weighted sums
of past inputs, computed together: one long convolution. It was the first model to solve
a task with sequences of length 16,384 (Path-X) on which all before it, Transformers
included, had been at the level of guessing. DSS (**Gupta, Gu and Berant 2022**) and S4D
(**Gu et al. 2022**) showed that a diagonal matrix is enough. S5 (**Smith, Warrington
and Linderman 2023**) replaced many systems of one input each by one of many inputs, and
computed all its states by a parallel scan.

Mamba (**Gu and Dao 2023**) computes the numbers of its diagonal from the input, so that
the network chooses what to keep: a gate again. In its simplest form (their theorem 1)
it is

$$
h_t = (1 - z_t) * h_{t-1} + z_t * x_t
$$

with $z_t = \\sigma(W x_t + b)$: a minGRU without a candidate. **Feng et al. (2024)**
came from the other side: they left the state out of the gates of the GRU, and had the
**minGRU**, the bridge between the cells of this dashboard and these models. The idea is
older: QRNN (**Bradbury et al. 2017**) and SRU (**Lei et al. 2018**) left the weight
matrices of the state out, and **Martin and Cundy (2018)** trained such networks by a
parallel scan.

**Linear attention** (**Katharopoulos et al. 2020**) leads to the same place. Without
its softmax, attention needs only a matrix of fixed size: S ← S + v kᵀ at each step, and
the answer is S q, apart from normalisation. That is an RNN. Gated
linear attention (**Yang et al. 2024**) lets the matrix fade by gates computed from the
input; the gated delta rule (**Yang, Kautz and Hatamizadeh 2025**) also overwrites what
the matrix holds under the same key. Mamba-2 (**Dao and Gu 2024**) shows that a
state-space model with one number for its diagonal is a form of linear attention. All of
these are trained in parallel over time, and read the next symbol with a state of fixed
size, as an RNN does. Mamba-3 (**Lahoti et al. 2026**) makes the state complex, so that
an input can rotate it: with that it tells odd from even, which Mamba-2 does not.

The fixed size is also the limit. **Jelassi et al. (2024)** show that a model with it
cannot copy a text that is longer than its state can hold, while a small Transformer
can. **Hybrids** therefore combine both kinds of layers: Griffin (**De et al. 2024**)
and Jamba (**Lieber et al. 2024**); MiniMax-01 (**2025**) has one layer of full
attention to seven of linear attention, Kimi Linear (**Zhang et al. 2025**) one to
three. Nemotron 3 Super (**NVIDIA 2026**), of 120 billion weights, has 40 layers of
Mamba-2 and 8 of attention.
"""
TODAY = """
- **Where input arrives step by step** and the answer cannot wait: the speech
  recognition on phones described by **He et al. (2019)** is an LSTM that writes while
  one speaks.
- **On small devices**: RNNoise (**Valin 2018**) removes noise from speech with 215
  units in all, most of them in three GRU layers, in real time on a Raspberry Pi.
- **Where very long sequences are generated**, as the work for the next symbol does not
  grow: RWKV-7 (**Peng et al. 2025**, up to 2.9 billion weights) and xLSTM 7B (**Beck et
  al. 2025**), a language model of LSTM cells with a matrix as their memory.
- **As most of the layers of hybrids**, such as Kimi Linear (2025) with 48 billion
  weights.
- **Where data are few**, as here: the networks of this dashboard train in seconds to
  minutes on a processor.
"""
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
REFERENCES = """
- I. Sutskever, O. Vinyals, Q. V. Le, “Sequence to sequence learning with neural
  networks”, *NeurIPS* (2014), arXiv:1409.3215.
- K. Cho, B. van Merriënboer, C. Gulcehre, D. Bahdanau, F. Bougares, H. Schwenk, Y.
  Bengio, “Learning phrase representations using RNN encoder-decoder for statistical
  machine translation”, *EMNLP* (2014), 1724–1734.
- D. Bahdanau, K. Cho, Y. Bengio, “Neural machine translation by jointly learning to
  align and translate”, *ICLR* (2015), arXiv:1409.0473.
- A. Vaswani, N. Shazeer, N. Parmar, J. Uszkoreit, L. Jones, A. N. Gomez, Ł. Kaiser, I.
  Polosukhin, “Attention is all you need”, *NeurIPS* (2017), arXiv:1706.03762.
- J. Su, Y. Lu, S. Pan, A. Murtadha, B. Wen, Y. Liu, “RoFormer: enhanced transformer
  with rotary position embedding”, arXiv:2104.09864 (2021).
- A. Haviv, O. Ram, O. Press, P. Izsak, O. Levy, “Transformer language models without
  positional encodings still learn positional information”, *Findings of EMNLP* (2022),
  arXiv:2203.16634.
- A. Gu, K. Goel, C. Ré, “Efficiently modeling long sequences with structured state
  spaces”, *ICLR* (2022), arXiv:2111.00396.
- A. Gupta, A. Gu, J. Berant, “Diagonal state spaces are as effective as structured
  state spaces”, *NeurIPS* (2022), arXiv:2203.14343.
- A. Gu, A. Gupta, K. Goel, C. Ré, “On the parameterization and initialization of
  diagonal state space models”, *NeurIPS* (2022), arXiv:2206.11893.
- J. T. H. Smith, A. Warrington, S. W. Linderman, “Simplified state space layers for
  sequence modeling”, *ICLR* (2023), arXiv:2208.04933.
- A. Gu, T. Dao, “Mamba: linear-time sequence modeling with selective state spaces”,
  arXiv:2312.00752 (2023).
- T. Dao, A. Gu, “Transformers are SSMs: generalized models and efficient algorithms
  through structured state space duality”, *ICML* (2024), arXiv:2405.21060.
- L. Feng, F. Tung, M. O. Ahmed, Y. Bengio, H. Hajimirsadeghi, “Were RNNs all we
  needed?”, arXiv:2410.01201 (2024).
- J. Bradbury, S. Merity, C. Xiong, R. Socher, “Quasi-recurrent neural networks”, *ICLR*
  (2017), arXiv:1611.01576.
- T. Lei, Y. Zhang, S. I. Wang, H. Dai, Y. Artzi, “Simple recurrent units for highly
  parallelizable recurrence”, *EMNLP* (2018), arXiv:1709.02755.
- E. Martin, C. Cundy, “Parallelizing linear recurrent neural nets over sequence
  length”, *ICLR* (2018), arXiv:1709.04057.
- A. Katharopoulos, A. Vyas, N. Pappas, F. Fleuret, “Transformers are RNNs: fast
  autoregressive transformers with linear attention”, *ICML* (2020), arXiv:2006.16236.
- S. Yang, B. Wang, Y. Shen, R. Panda, Y. Kim, “Gated linear attention transformers with
  hardware-efficient training”, *ICML* (2024), arXiv:2312.06635.
- S. Yang, J. Kautz, A. Hatamizadeh, “Gated delta networks: improving Mamba2 with delta
  rule”, *ICLR* (2025), arXiv:2412.06464.
- S. Jelassi, D. Brandfonbrener, S. M. Kakade, E. Malach, “Repeat after me: transformers
  are better than state space models at copying”, *ICML* (2024), arXiv:2402.01032.
- S. De et al., “Griffin: mixing gated linear recurrences with local attention for
  efficient language models”, arXiv:2402.19427 (2024).
- O. Lieber et al., “Jamba: a hybrid transformer-Mamba language model”, arXiv:2403.19887
  (2024).
- MiniMax, “MiniMax-01: scaling foundation models with lightning attention”,
  arXiv:2501.08313 (2025).
- Y. Zhang et al., “Kimi Linear: an expressive, efficient attention architecture”,
  arXiv:2510.26692 (2025).
- A. Lahoti, K. Y. Li, B. Chen, C. Wang, A. Bick, J. Z. Kolter, T. Dao, A. Gu, “Mamba-3:
  improved sequence modeling using state space principles”, *ICLR* (2026),
  arXiv:2603.15569.
- NVIDIA, “Nemotron 3 Super: open, efficient mixture-of-experts hybrid Mamba-Transformer
  model for agentic reasoning”, arXiv:2604.12374 (2026).
- Y. He et al., “Streaming end-to-end speech recognition for mobile devices”, *ICASSP*
  (2019), arXiv:1811.06621.
- J.-M. Valin, “A hybrid DSP/deep learning approach to real-time full-band speech
  enhancement”, *MMSP* (2018), arXiv:1709.08243.
- B. Peng et al., “RWKV-7 ‘Goose’ with expressive dynamic state evolution”,
  arXiv:2503.14456 (2025).
- M. Beck et al., “xLSTM 7B: a recurrent LLM for fast and efficient inference”,
  arXiv:2503.13427 (2025).
"""


@once
def _verdict(example: str) -> str:
    """What came of the training of an example that ships, in a sentence."""
    return verdict(examples.load(example).result)


cached_influence = once(influence_beside_attention)
_first_influence = once(influence_of_the_first)


def needs() -> None:
    """What a layer of each kind needs, against the length of the sequence."""
    st.subheader("What a longer sequence costs")
    titles = {name: title for name, (title, _) in QUANTITIES.items()}
    quantity = st.segmented_control(
        "Quantity",
        list(titles),
        format_func=titles.get,
        required=True,
        key=bind("became_quantity", "stored", titles),
        help="What is counted, for one layer with as many inputs as units.",
        persist_state="session",
    )
    settings, drawing = st.columns([2, 3], gap="large")
    with settings:
        length, units = _choose_size()
        title, meaning = QUANTITIES[quantity]
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
        st.caption(meaning)
    with drawing:
        figure = cost_figure(quantity, title, length, units, ink())
        at_length = ", ".join(
            f"{name} {large_number(getattr(cost, quantity))} at {length:,}"
            for name, cost in once.items()
        )
        alt = f"{title} against the length of the sequence, for {at_length}"
        chart(figure, "became_costs", alt)
        st.caption(
            "Solid line: T; dotted: 2 T; both axes are logarithmic. For the RNN and "
            "the GRU the lines have the same shape as for the LSTM."
        )


def _choose_size() -> tuple[int, int]:
    """Let a person choose the length of the sequence, and the units of the layer."""
    length = st.select_slider(
        "Length T",
        LENGTHS,
        format_func="{:,}".format,
        key=bind("became_length", 1024, LENGTHS),
        help="Symbols of the sequence. The page counts at T and at 2 T.",
        on_change=note_event,
        args=("steps became",),
        persist_state="session",
    )
    units = st.segmented_control(
        "Units n",
        UNITS,
        required=True,
        key=bind("became_units", 64, UNITS),
        help="Size of the layer: numbers in its state, or in each key and value.",
        persist_state="session",
    )
    return length, units


def influence() -> None:
    """How strongly the last state depends on each input, in all cells and attention."""
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
        "see *Vanishing gradient* in step *Learning*."
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
