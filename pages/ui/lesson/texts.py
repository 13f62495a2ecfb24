"""The readings of the lessons."""

RECURRENT = (
    "What a recurrent network is",
    """
An ordinary network answers each question afresh. A recurrent network keeps a
**state**: at every step it mixes the new input with the state of the step before. The
same weights are used at each step, so a sentence of five words and one of fifty need
the same network.

It is the natural choice where order matters and the length is not known in advance:
text, speech, music, sensor readings, prices. The state is all it has of the past, and
its size never grows. That is the strength of the idea, and its weakness.

Elman (1990) let such a network read sentences letter by letter and word by word, and
found that its states had sorted words into kinds that nobody had told it about.
""",
)
UNROLLED = (
    "One network, many steps",
    """
Drawn out in time, the loop becomes a chain of copies that share their weights. Nothing
else changes: the forward pass is a walk along the chain.

The state after the last letter depends on every letter, but not equally. What was read
long ago has passed through tanh and the weights many times. Turn *Recurrent scale*
down, and the state follows the newest letter alone; turn it up, and the units run into
−1 and 1 and stay there.
""",
)
LONG = (
    "Why long dependencies are hard",
    """
On the way back the gradient passes each step in turn, and each step multiplies it by
the slopes of tanh and by the recurrent weights. Fifty factors of 0.9 make 0.005; fifty
of 1.1 make 117. Gradients **vanish** or **explode** with the distance in time.

Hochreiter showed this in his thesis in 1991. Bengio, Simard and Frasconi (1994) proved
that it is no accident: a state that holds on to a memory safely against noise is
one whose gradient fades. Such a network can represent what happened long ago, but
learning finds it hard to discover that it mattered.

Long gradients can be cut down to size (clipping). Short ones cannot be brought back:
for that the cell itself has to change.
""",
)
GATED = (
    "What the LSTM changes",
    """
Hochreiter and Schmidhuber (1997) gave the cell a second state that is not
squeezed at every step. It is **added to** rather than overwritten. Gates, small layers
with answers between 0 and 1, decide how much is written and how much is shown.

In their first version the memory could only grow. Gers, Schmidhuber and Cummins
(2000) added the **forget gate**, so that the cell can clear itself when a new story
begins. That is the LSTM as it is used today. Its forget bias often starts at 1, so that
it remembers by default.
""",
)
CARRIED = (
    "A memory with doors",
    """
Follow the cell state along the sequence: where the forget gate is near 1 and the input
gate near 0, a value passes from step to step almost unchanged. The hidden
state is the part of it that the output gate lets be seen.

Each unit has gates of its own, so that some may hold on to an old value while others
follow the newest input. Here the weights are random, and all gates hover
around the middle; training is what opens and closes them. With a higher
*Forget bias* (under *Network*) the cell state lasts longer from the start.
""",
)
ROAD = (
    "The road that does not fade",
    """
Along the cell state the gradient is multiplied by the forget gate alone: no weight
matrix, no tanh. With the gate at 0.99, more than half is left after fifty steps.

The hidden state is still an ordinary road, and gradients still fade or explode on it.
And a gate that has closed closes the way back too. The LSTM does not abolish the
problem that Hochreiter (1991) and Bengio et al. (1994) described; it gives the network
a way to decide for itself what is worth carrying.

Choose *Cell state not handed on* above to see what is lost without that road.
""",
)
READINGS = {
    ("rnn", "The cell"): RECURRENT,
    ("rnn", "Forward"): UNROLLED,
    ("rnn", "Backward"): LONG,
    ("lstm", "The cell"): GATED,
    ("lstm", "Forward"): CARRIED,
    ("lstm", "Backward"): ROAD,
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
"""
GLOSSARY = (
    ("Activation", "The function after the sum: tanh (−1 to 1) or σ (0 to 1)."),
    ("Backpropagation through time", "The backward pass along the unrolled network."),
    ("Bias", "A number added to a sum, whatever the input is."),
    ("Candidate c̃", "What the LSTM could write into its memory at this step."),
    (
        "Cell state c",
        "The LSTM's memory: kept by the forget gate, added to by the input gate.",
    ),
    ("Clipping", "Shortening a gradient that is too long before it is followed."),
    (
        "Finite differences",
        "A derivative measured: move one number a little and see "
        "how far the loss moves.",
    ),
    ("Gate", "A layer with answers between 0 and 1 that scales what passes it."),
    ("Gradient", "How the loss would move with each number. da is that of a."),
    ("Hidden state a", "What a network passes on to its next step and to its output."),
    (
        "Loss",
        "One number for how wrong the network is. On the page *Backward*, a "
        "weighted sum of hidden states stands in for it.",
    ),
    ("One-hot", "A letter as a list of zeros with a single 1 in its place."),
    (
        "Saturated",
        "So far out on tanh or σ that the slope is near 0, and no gradient passes.",
    ),
    ("Softmax", "Turns scores into probabilities that add up to 1."),
    ("Unit", "One number of the hidden state, with its own weights."),
    ("Unrolled", "Drawn once for each step in time."),
)
