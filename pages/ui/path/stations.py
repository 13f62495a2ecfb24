"""The stations of the guided path: steps, questions, checks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from core.runs.classes.goals import FINISHED, Goal
from core.task import Scalar
from pages.ui.lesson.texts import Question

Widgets = Mapping[str, object]  # values of a session's widgets, by key
GIVEN, SWAPPED = "i was sad and now i am happy", "i was happy and now i am sad"


@dataclass(frozen=True, kw_only=True)
class Trained:
    """The goal of a finished run of the station's page, with these settings."""

    goal: Goal
    settings: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """One step of a station, and the check that it is done.

    A step without `event`, `trained` and `shows` is ticked by the student.
    """

    text: str  # in Markdown
    event: str | None = None  # what a page notes, such as "mistake rnn"
    trained: Trained | None = None  # what a run of the station's page reaches
    # Whether the widgets of the station's page have certain values
    shows: Callable[[Widgets], bool] | None = None
    optional: bool = False  # not needed for the check; comes after all needed steps

    @property
    def is_noticed(self) -> bool:
        """Whether the page ticks the step, not the student."""
        return bool(self.event or self.trained or self.shows)


@dataclass(frozen=True, kw_only=True)
class Station:
    """A part of the path."""

    key: str  # in links and in the store
    title: str
    minutes: int
    # Where its work is done, with exactly these settings
    page: str
    query: str
    goal: str  # what is learned, in a sentence
    # What to do. The station is checked when all steps are done.
    steps: tuple[Step, ...]
    # A question to answer before the page is opened. It is not judged.
    guess: Question | None = None
    # Words that the page uses first, each with its meaning
    terms: Mapping[str, str] = field(default_factory=dict)
    question: Question
    hints: tuple[str, ...]  # for each option of the question; empty for the right one
    done: str  # what the student did, shown when all steps are ticked
    learned: str  # summary for the end of the path
    solution: str  # for teachers: expected observations, common misunderstandings

    @property
    def needed(self) -> int:
        """The number of steps for the check."""
        return sum(not step.optional for step in self.steps)


def _at_most(widgets: Widgets, key: str, most: float) -> bool:
    value = widgets.get(key)
    return isinstance(value, int | float) and value <= most


def _typed(widgets: Widgets) -> str:
    """The sentence of the emoji page in small letters, without its last mark."""
    words = str(widgets.get("emoji_text", "")).lower().split()
    return " ".join(words).rstrip(".!?")


def _is_own_sentence(widgets: Widgets) -> bool:
    """Whether the student typed a sentence that the page does not give.

    Beginnings of given words do not count: they appear while the student types them.
    """
    # A heavy module, loaded by then
    from pages.ui.emoji.answer import FEWEST_WORDS, SUGGESTIONS

    typed = _typed(widgets)
    words = typed.split()
    return (
        len(words) >= FEWEST_WORDS
        and typed not in map(str.lower, SUGGESTIONS)
        and any(f" {word}" not in f" {GIVEN}" for word in words)
    )


STATIONS: tuple[Station, ...] = (
    Station(
        key="start",
        title="What a network is, and how it learns",
        minutes=7,
        page="home",
        query="",
        goal="A network learns to write names: it guesses the next letter, and is "
        "corrected. Everything else on this path is built from five words.",
        steps=(
            Step(
                "Press **play** below the network. At first it writes noise. It reads "
                "7,000 names again and again, and its **weights** change a little each "
                "time: this is **training**.",
                event="seen home",
            ),
            Step(
                "Type your first name, and compare the **loss** at epoch 0 and at the "
                "last one: how surprised is the network by your letters?",
                event="typed home",
            ),
            Step(
                "Move the lower slider: it is one weight. Make the loss as low as it "
                "gets, and watch the **gradient** on the way: it says which way is "
                "down, and how steep.",
                event="turned home",
            ),
        ),
        terms={
            "Network": "a calculation with many adjustable numbers. This one gets the "
            "letters so far, and returns a chance for each letter that may come next.",
            "Weight": "one of the adjustable numbers. They are random at first, and "
            "all that a network has learned is in them.",
            "Loss": "how wrong a network is, as one number: here how surprised it is "
            "by the right letters: 0 if it was sure of each, about 3.3 if all letters "
            "are equally likely to it.",
            "Gradient": "how much the loss rises if one weight is turned up a little: "
            "a number for each weight, below 0 if the loss falls then.",
            "Training": "compute the gradient of all weights, turn each a little "
            "downhill, and so on, thousands of times. Here an epoch is 50 such "
            "steps, each on 32 names picked at random.",
        },
        question=Question(
            "The gradient of a weight is 0.3. What does training do with this weight?",
            (
                "It turns it up a little",
                "It turns it down a little",
                "It sets it to 0",
            ),
            1,
            "A gradient above 0 says that the loss rises if the weight is turned up. "
            "So it is turned down, and only a little: further away the slope is "
            "another one.",
        ),
        hints=(
            "Turned up, this weight makes the loss rise. Should it?",
            "",
            "At 0 the loss may be larger. The gradient tells the slope at this place, "
            "not where the lowest point is.",
        ),
        done="You watched a network learn, measured its loss on your name, and turned "
        "a weight downhill.",
        learned="A network is a calculation with adjustable weights; the loss says how "
        "wrong it is, the gradient how the loss changes with each weight, and training "
        "turns each a little downhill.",
        solution="Untrained, each of 27 characters has a chance of about 4%, and the "
        "loss of a name is about 3.3; trained, it is about 2 for common names. At the "
        "lowest point of the curve the gradient is 0. Often misunderstood: that the "
        "network looks names up. It has 8,571 numbers and no list, and it writes names "
        "that it has never read.",
    ),
    Station(
        key="emoji",
        title="A sentence, word by word",
        minutes=9,
        page="emoji",
        query="emoji_text=I+was+sad+and+now+I+am+happy",
        goal="This network reads a sentence word by word, keeps a memory of it, and "
        "chooses an emoji. Does the order of the words count?",
        steps=(
            Step(
                "Read the answer to *I was sad and now I am happy*. Then exchange "
                "*sad* and *happy*: the same words, another answer.",
                shows=lambda widgets: _typed(widgets) == SWAPPED,
            ),
            Step(
                "Below the answer, choose *Word by word* and see when the answer "
                "changes. Then choose *Word order*: the same words in random order, "
                "read by this model and by one that takes the mean of their vectors.",
                shows=lambda widgets: widgets.get("emoji_why") == "Word order",
            ),
            Step(
                "Type a sentence of your own, and try to mislead the network: with "
                "*not*, or with a word of another meaning. If it is wrong, choose what "
                "the answer should be, and press *Learn it now*.",
                shows=_is_own_sentence,
            ),
        ),
        terms={
            "Recurrent network": "a network that reads one thing after the other and "
            "keeps a memory, its **state**. The LSTM here is one; station 6 opens it.",
            "Word vector": "a row of numbers that stands for a word: words that are "
            "used alike have similar numbers.",
        },
        question=Question(
            "A simpler model takes the mean of the numbers of all words. What does it "
            "answer to the two sentences of the first step?",
            (
                "The same to both",
                "Smile to the first, sad to the second",
                "Nothing: it needs the order",
            ),
            0,
            "A mean does not depend on the order, so both sentences are the same to "
            "it. *Word order* shows it for your sentence.",
        ),
        hints=(
            "",
            "A mean is the same in any order of its numbers. Which words do the two "
            "sentences have?",
            "A mean can be taken of any words, and it is. What does it lose?",
        ),
        done="You typed a sentence of your own, and the network answered.",
        learned="An LSTM reads words in their order; a model that averages them cannot "
        "tell two orders apart. A high confidence is not a right answer.",
        solution="*I was sad and now I am happy*: smile; *I was happy and now I am "
        "sad*: sad. *I am not happy*: sad, over 99%. *We are not hungry*: "
        "food, over 99%: it has learned what sentences with *hungry* are about, and "
        "not what *not* means. Often misunderstood: a high confidence is taken for a "
        "right answer.",
    ),
    Station(
        key="cell",
        title="One step of a recurrent network",
        minutes=10,
        page="rnn",
        query="rnn_step=The+cell",
        goal="A recurrent network computes its new state, that is its memory, from an "
        "input and the old state: multiply, add, and squeeze.",
        steps=(
            Step(
                "Press **play** and watch the cell to its last step. Then step back "
                "with the arrows and check one product: a weight of Waa times a number "
                "of the old state, such as −0.75 × −0.83 = 0.622.",
                event="seen rnn",
            ),
            Step(
                "In *New state*, type **5** over the upper number in the column ba, "
                "the first bias: it is 0. The first unit of hₜ rises from 0.735 to "
                "1.00: tanh cannot give more. Such a unit is called **saturated**.",
                event="saturated rnn",
            ),
            Step(
                "Now change the first number of hₜ₋₁ from −0.83 to **0.83**. The "
                "saturated unit does not move. Set ba back to **0**: without "
                "saturation the same change takes the unit from 0.735 to −0.296.",
                event="moved rnn",
            ),
        ),
        terms={
            "State h, unit": "the memory, a list of numbers: hₜ after step t, hₜ₋₁ "
            "before it. One of these numbers is a unit.",
            "Wax, Waa, ba": "the weights, in tables (matrices): Wax multiplies the "
            "input xₜ, Waa the old state: each number of a row times the number at its "
            "place, all added. The bias ba is added to that.",
            "tanh": "a function that squeezes any number into −1 to 1: steep near 0, "
            "and flat for large numbers.",
        },
        question=Question(
            "If the sum before tanh moves a little, a unit whose value is h moves "
            "1 − h² times as much: the slope of tanh. What is it at h = 0.999?",
            ("0.999", "About a half", "About 0.002"),
            2,
            "1 − 0.999² = 0.002. A saturated unit hardly reacts to anything, not even "
            "to its past. Station 5 shows what follows.",
        ),
        hints=(
            "0.999 is the state h itself. The slope is 1 − h².",
            "A half would be right for a state of 0.7: 1 − 0.7² = 0.51. Compute "
            "0.999², and subtract it from 1.",
            "",
        ),
        done="You edited numbers until a unit of the new state was saturated, and saw "
        "the same change move it once it was not.",
        learned="A recurrent network computes a new state from an input and its old "
        "state: products, a sum, and tanh. Near −1 and 1 the slope of tanh is nearly "
        "0.",
        solution="With ba₁ = 5 the sum before tanh is 5.94, and tanh(5.94) = 0.99999. "
        "Changing hₜ₋₁ by 1.66 changes the sum by −1.25: from 0.94 to −0.31 without "
        "the bias, which tanh turns into 0.735 and −0.296; from 5.94 to 4.69 with it, "
        "which is 1.00 both times. Often misunderstood: saturated does not mean that "
        "the weights are large or that the unit is broken. It means that the slope at "
        "this point is nearly 0.",
    ),
    Station(
        key="forward",
        title="A word, letter by letter",
        minutes=7,
        page="rnn",
        query="rnn_step=Forward&rnn_sequence_source=A+word&rnn_sequence_word=hello",
        goal="The same weights are used at every step. The state carries what came "
        "before, so the same letter can lead to different states.",
        steps=(
            Step(
                "Press **play** and watch “hello” to its last letter. Compare the "
                "columns of the two l: the input is the same, the states differ.",
                event="seen_sequence rnn",
            ),
            Step(
                "Type a word of your own in which a letter comes twice, such as your "
                "name, and compare its two columns. (A new word gets new random "
                "weights: compare within one word only.)",
                event="word rnn",
            ),
            Step(
                "Open *Weights* and set *Recurrent scale*, the size of the weights "
                "from state to state, to **0.1**. Now the two columns are nearly the "
                "same: the state depends on the newest letter alone.",
                shows=lambda widgets: _at_most(
                    widgets, "rnn_sequence_recurrent_scale", 0.2
                ),
            ),
        ),
        question=Question(
            "A sentence of 10 letters and one of 10,000: which of the two needs more "
            "weights in this network?",
            (
                "Both need the same weights",
                "The longer one: each step has its own",
                "The shorter one: it has less context",
            ),
            0,
            "One set of weights serves every step. This is what makes sequences of any "
            "length possible; and it means that the state, whose size is fixed, is all "
            "that is left of 10,000 letters.",
        ),
        hints=(
            "",
            "Which of these carry a small t: hₜ = tanh(Wax xₜ + Waa hₜ₋₁ + ba)? The "
            "weights do not.",
            "Less context does not change the size of the matrices. Count the weights "
            "in the equations of station 2: does the length occur in them?",
        ),
        done="You let the network read a word of your own in which a letter comes "
        "twice, and made it forget the letters before.",
        learned="The same weights serve every step, so the length of a sequence is "
        "free; only the state, whose size is fixed, carries what came before.",
        solution="Any word with a repeated letter will do. With *Recurrent scale* 0.1 "
        "the weights from state to state are a tenth, and the columns of equal letters "
        "look alike. Often misunderstood: that an unrolled network has one set of "
        "weights a step. Show that only the states have an index t, and the weights "
        "none.",
    ),
    Station(
        key="backward",
        title="The way back",
        minutes=9,
        page="rnn",
        query="rnn_step=Backward&rnn_sequence_source=A+sine&rnn_preset=right",
        goal="Training needs the gradient of every weight. It is computed from the "
        "last step back to the first: backpropagation through time. How much arrives?",
        steps=(
            Step(
                "Press **play**. It begins at the last step, where the loss is. Watch "
                "the norm of the gradient, the strength of the correction: it begins "
                "at 1, and is 0.0037 at the first of the 24 steps. You need not follow "
                "the formulas.",
                event="seen_backward rnn",
            ),
            Step(
                "Read the green badge beside the figure. Each gradient is computed "
                "twice, backwards and by trying (finite differences). If nine digits "
                "agree, the code is right.",
            ),
            Step(
                "*If you like:* press **Find the bug**. A mistake is hidden in the "
                "backward pass, and the badge notices. Find out which one it is.",
                event="mistake rnn",
                optional=True,
            ),
        ),
        terms={
            "dh, dz": "the gradients, that is, how much the loss changes when h, or "
            "the sum z before tanh, changes a little: h = tanh(z), so dz is dh times "
            "the slope 1 − h².",
            "Waaᵀ": "Waa transposed: its rows written as columns. Forward, Waa takes "
            "the old state to the new one; backward, Waaᵀ takes dz to the gradient of "
            "the old state.",
            "Norm ‖dh‖": "the length of a gradient: the square root of the sum of its "
            "squared numbers.",
            "Finite difference": "a gradient found by trying: change one number by a "
            "little, and see how the loss changes.",
            "Validation loss": "the loss on a part of the data that the training does "
            "not use.",
        },
        question=Question(
            "A backward pass has a mistake, yet the loss falls in training. How do you "
            "notice the mistake?",
            (
                "The validation loss stays above the training loss",
                "By comparing gradients with finite differences",
                "A wrong gradient has at least one number 0",
            ),
            1,
            "Wrong gradients often point roughly downhill, and then the loss falls, "
            "only less than it could. Finite differences compute the same gradient in "
            "another way: change one weight by a little, and see how the loss changes.",
        ),
        hints=(
            "The validation loss is above the training loss with right gradients, too: "
            "the network was fitted to the training data. So losses tell little.",
            "",
            "A right gradient may have zeros, too, and most mistakes give none. What "
            "could you compare all of its numbers with?",
        ),
        done="You followed the gradient back to the first step, and compared it with "
        "one found by trying.",
        learned="The gradient comes back through time multiplied by one matrix per "
        "step; finite differences tell whether code for it is right.",
        solution="On the sine with seed 0, the norm of dh falls from 1 at the last "
        "step to 0.042 ten steps before it and 0.0037 at the first. Each step "
        "multiplies it by the slopes 1 − h² and by Waaᵀ. The mistake is chosen at "
        "random for each student; the page explains each suspect. Often "
        "misunderstood: a loss that falls is taken for proof of a right gradient.",
    ),
    Station(
        key="vanishing",
        title="The vanishing gradient",
        minutes=13,
        page="lstm",
        query="lstm_step=Learning&lstm_task=adding&lstm_epochs=10",
        goal="50 numbers are read, one after the other. Two of them are marked, and "
        "their sum is asked for at the end. Which network can remember so far back?",
        guess=Question(
            "Which of the two will learn to add two numbers that are up to 50 steps "
            "away?",
            ("Both", "The simple RNN alone", "The LSTM alone", "None of them"),
            2,
            "The result on the page tells.",
        ),
        steps=(
            Step(
                "Guess: which of the two networks will learn it, the simple RNN or the "
                "LSTM?",
                event="guess vanishing",
            ),
            Step(
                "Press **Train** and watch both errors fall, or not. Always "
                "answering 1, the usual sum, has an error of 0.16. If somebody has "
                "trained it before, the result is there at once.",
                trained=Trained(
                    goal=Goal(measure="lstm_mse", most=0.02), settings={"length": 50}
                ),
            ),
            Step(
                "Far down the page, in the tab *Vanishing gradient*, compare how far "
                "back the influence reaches **before** training and **after** it. The "
                "RNN's reaches far at first, and training takes that away.",
            ),
            Step(
                "Then go back up, choose the preset *Ten steps only* and train again. "
                "Over 10 steps the RNN solves the task as well.",
                trained=Trained(goal=Goal(event=FINISHED), settings={"length": 10}),
            ),
        ),
        terms={
            "LSTM": "a recurrent network that protects its memory by gates; the next "
            "station opens it.",
            "Influence": "how much the last state changes if an input some steps back "
            "changes a little: the length of a gradient. If it vanishes, nothing can "
            "be learned from that input.",
            "Clipping": "a gradient that is longer than 1 is shortened to 1 before the "
            "weights are changed.",
            "Test error": "the mean of the squared mistakes on sequences that were not "
            "used in training.",
        },
        question=Question(
            "Before training, the first inputs influence the RNN's last state as much "
            "as the LSTM's, within a factor of ten. What takes this away within the "
            "first epochs?",
            (
                "It has too few units to store a number",
                "Clipping shortens the gradient to norm 1",
                "Its units saturate: tanh has slopes near 0 there",
            ),
            2,
            "Most of the RNN's states are soon near −1 or 1. Station 2 showed the "
            "rest: a saturated unit lets hardly any gradient through, and fifty such "
            "steps leave nothing. This happens in most of five trainings from other "
            "random weights; in the others the gradient still reaches back, and the "
            "RNN fails all the same. With steps of a tenth of the size, and four times "
            "as many (preset *Patience*, one training), it keeps its reach and learns.",
        ),
        hints=(
            "Over ten steps the same 32 units store the number well: you have seen it "
            "in the last step. What is different over 50?",
            "Clipping scales the finished gradient of the weights, near and far alike. "
            "Move the slider over the epochs and look at the RNN's states.",
            "",
        ),
        done="You trained both networks on the adding problem over 50 steps, the "
        "LSTM's test error is below 0.02, and you trained over 10 steps as well.",
        learned="Over 50 steps the RNN's units saturate, and in most of five trainings "
        "no gradient is left; over 10 steps it learns as well.",
        solution="After the 10 epochs of the station, seed 0: test error LSTM 0.003, "
        "RNN 0.167, always answering 1 0.164; after 40, LSTM 0.00013, RNN 0.179. With "
        "*Ten steps only*: LSTM about 0.0001, RNN about 0.004. Often misunderstood: "
        "that an RNN cannot represent the solution, or that its gradient vanishes from "
        "the start. Training at this rate saturates its units. Nor is that all: in "
        "some of five seeds the gradient still reaches back, and the RNN fails.",
    ),
    Station(
        key="lstm",
        title="Gates: how an LSTM keeps a number",
        minutes=11,
        page="lstm",
        query="lstm_step=The+cell",
        goal="The cell state is kept and added to, under the control of gates. With "
        "the forget gate at 1 and the input gate at 0 a number passes unchanged.",
        steps=(
            Step(
                "Press **play** and watch the cell to its last step. Find the three "
                "gates, whose numbers are between 0 and 1, and the two states.",
                event="seen lstm",
            ),
            Step(
                "In *Forget gate* set the first bias **bf** to **10**, and in *Input "
                "gate* the first **bi** to **−10**. The first number of the cell "
                "state, 0.56, is now the same before and after the step: see *Cell "
                "state*, further down.",
                event="kept lstm",
            ),
            Step(
                "Change a number of the input or of the old hidden state: the first "
                "number of the cell state stays. This is how an LSTM remembers over "
                "many steps.",
                event="kept_moved lstm",
            ),
            Step(
                "Then open the page *GRU*: it does the same with one gate less and "
                "without a second state.",
                event="page gru",
            ),
        ),
        terms={
            "Gate": "numbers between 0 and 1 by which others are multiplied: 0 lets "
            "nothing through, 1 everything. σ squeezes any number into 0 to 1.",
            "Cell state c": "the second memory of an LSTM. The forget gate f keeps it, "
            "the input gate i lets new numbers in, and the output gate o shows it as "
            "h.",
            "bf, bi": "the biases of the two gates: a large one opens a gate.",
        },
        question=Question(
            "The forget gate of a unit is 0.99 at every step. Which share of the "
            "gradient along its cell state is left after 50 steps?",
            ("About 60%", "About 1%", "99%"),
            0,
            "0.99⁵⁰ = 0.605. Along the cell state there is neither a weight matrix nor "
            "a tanh, and training can move the gate closer to 1. A factor of 0.9 per "
            "step would leave 0.5%.",
        ),
        hints=(
            "",
            "About 1% would be left after 50 steps with a gate of 0.91: 0.91⁵⁰ = "
            "0.009. Here the gradient is multiplied by 0.99 at each step.",
            "99% is left after one step. There are 50 of them.",
        ),
        done="You set gates so that a number of the cell state passed unchanged, "
        "with any input.",
        learned="An LSTM adds to its cell state instead of replacing it: with the "
        "forget gate near 1 and the input gate near 0 a number, and its gradient, "
        "pass unchanged.",
        solution="bf₁ = 10 puts the forget gate of the first unit at 1.000, bi₁ = −10 "
        "its input gate at 0.000: c₁ = 1 × 0.56 + 0 = 0.56. Often misunderstood: that "
        "the gates are switches that somebody sets. They are small layers that compute "
        "a number between 0 and 1 from input and state, and they are learned.",
    ),
    Station(
        key="unit",
        title="The unit that counts",
        minutes=9,
        page="lstm",
        query="lstm_step=Forward&lstm_forward_network=Trained"
        "&lstm_forward_run=example&lstm_trained_view=The+unit+that+counts",
        goal="Inside a trained network a single unit can follow something that has a "
        "name. Without the unit the network predicts worse where that matters.",
        steps=(
            Step(
                "This LSTM has learned to invent names. The text is coloured by the "
                "state of one of its 32 units. Press **play**: the epochs begin "
                "anew. Watch how the unit's correlation with the position changes.",
                event="seen_unit lstm",
            ),
            Step(
                "Choose another unit, and look where in the names it is on and off. "
                "Then go back to *Unit 13*.",
                event="unit_chosen lstm",
            ),
            Step(
                "Colour the text by **What is lost without it**: the unit is switched "
                "off, and the letters that are predicted worse are coloured.",
                event="unit lstm",
            ),
        ),
        terms={
            "Correlation": "how closely two rows of numbers rise and fall together: 1 "
            "always, 0 not at all, −1 always in opposite directions.",
            "Nat": "the unit of the loss here: with a loss of x the right letter has "
            "had the probability e⁻ˣ, so 0.69 nats are a half. More is worse.",
        },
        question=Question(
            "The state of a unit goes along with the position in the name: the "
            "correlation is 0.89. Why does the page give the 0.76 of untrained "
            "networks beside it?",
            (
                "One of many units always fits a little",
                "A correlation below 1 has no meaning",
                "The names were used in training",
            ),
            0,
            "Among 32 units one fits even with random weights: the text drives all "
            "of them. A correlation says something only if it is above the best unit "
            "of twenty untrained networks (0.76) and above what the newest letter "
            "alone gives (0.61); 0.89 is.",
        ),
        hints=(
            "",
            "0.89 means that unit and position rise together nearly always. The "
            "question is how surprising that is among 32 units.",
            "The page reads names on which the network was not trained. Think of how "
            "many units the page has looked at.",
        ),
        done="You switched off a unit of the trained LSTM.",
        learned="Inside a trained network a unit can follow something with a name; it "
        "counts as found only if it beats the best unit of untrained networks, and if "
        "the network is worse without it.",
        solution="Unit 13 follows the position in the name most closely (correlation "
        "0.89; the best unit of twenty untrained networks has 0.76, a guess from the "
        "newest letter 0.61). Without it the loss rises by 0.23 nats at the ends of "
        "the names, and not elsewhere: the network knows less well when a name is long "
        "enough. Often misunderstood: that one unit does it alone. Others follow the "
        "position as well, less closely, and three of them cost more at the ends.",
    ),
    Station(
        key="prices",
        title="Prices: an honest comparison",
        minutes=13,
        page="stock",
        query="stock_recipe=honest&stock_seeds=1&stock_folds=1&stock_epochs=10"
        "&stock_horizon=5",
        goal="A forecast is worth as much as it is better than the simplest one. For "
        "daily prices that is the last known price.",
        guess=Question(
            "By how much is the LSTM's error for the next day below that of repeating "
            "the last price?",
            ("By 20% or more", "By about 5%", "By about 1%", "Not at all"),
            3,
            "The result on the page tells.",
        ),
        steps=(
            Step(
                "Before you look, guess: by how much is the LSTM's error for the next "
                "day below that of repeating the last price?",
                event="guess prices",
            ),
            Step(
                "Press **Train**. The line at the button says how long it takes on "
                "this machine. Watch the validation loss.",
                trained=Trained(goal=Goal(event=FINISHED)),
            ),
            Step(
                "Read what stands at the top of the result, on price and on risk, and "
                "compare it with your guess. (The example that stood there before was "
                "trained for longer, and so knows more of the risk.)",
            ),
            Step(
                "Open the tab *Judgement*: each forecast stands beside its rivals.",
                shows=lambda widgets: widgets.get("stock_tabs") == "Judgement",
            ),
        ),
        terms={
            "Risk": "how far tomorrow's price may be off: a forecast of the width, not "
            "of the price.",
            "ETS": "exponential smoothing: a forecast from a weighted mean of past "
            "values, the newest with most weight.",
            "GARCH, GJR-GARCH": "classical models of risk: tomorrow's spread from "
            "today's surprise and today's spread. GJR lets losses count for more than "
            "gains.",
            "p": "how often a difference of at least this size would come by chance if "
            "both forecasts were equally good. Below 0.05 it is taken seriously; p = 1 "
            "says that nothing speaks for a difference.",
        },
        question=Question(
            "A chart shows a forecast line that follows the price closely, one day "
            "behind. What does that show?",
            (
                "The network forecasts well",
                "Little: repeating the last price looks the same",
                "The network has seen the future",
            ),
            1,
            "A good forecast and the repeated last price both follow one day behind. "
            "Only the ratio of their errors tells them apart, and for daily prices it "
            "is about 1. How uncertain the next price is can be forecast. Trained at "
            "length, the LSTM helps there on some series, such as the S&P 500; on "
            "most, simple models do as well.",
        ),
        hints=(
            "Draw the line that repeats the last price: it follows as closely, one day "
            "behind. So closeness alone shows nothing.",
            "",
            "One day *behind* is the past. A line that had seen the future would not "
            "come late.",
        ),
        done="You trained an LSTM on prices to the end, and read how it compares.",
        learned="A forecast is worth as much as it is better than the simplest one. "
        "For daily prices that is the last price, and hardly anything beats it; risk "
        "can be forecast.",
        solution="With the station's short training the LSTM adds nothing: price and "
        "risk are those of the simple models. With default settings: at one day the "
        "LSTM's error is 0.9996 times that of the last known price. Its risk forecast "
        "is better than that of the best classical model, GJR-GARCH, at one day (p < "
        "0.0001); at 5, 10 and 20 days nothing better was found, and that model's "
        "forecast is used. Often misunderstood: a line that looks right in a chart of "
        "prices is taken for a good forecast.",
    ),
    Station(
        key="music",
        title="Music: between copying and noise",
        minutes=9,
        page="music",
        query="music_voice=ragtime&music_temperature=0",
        goal="A generated text or melody is sampled. The temperature decides between "
        "the most likely notes and surprise, and a comparison with the training pieces "
        "shows what is copied.",
        steps=(
            Step(
                "Temperature is 0: each note is the most likely one that the rules "
                "allow. Press **Generate** and listen: the melody is the same each "
                "time.",
                shows=lambda widgets: (
                    bool(widgets.get("music_generate"))
                    and _at_most(widgets, "music_temperature", 0)
                ),
            ),
            Step(
                "Set *Temperature* to **1.5**, generate again, and compare.",
                event="melody music",
            ),
            Step(
                "Open the tab *Result* and read how long the longest passage is that "
                "occurs in the training pieces.",
            ),
        ),
        terms={
            "Temperature": "how daring the choice of a note is: at 0 it is always the "
            "likeliest one, at 1 it follows the network's chances, above 1 unlikely "
            "notes come more often.",
            "Sampled, seed": "drawn at random by the network's chances. The seed is "
            "the number that the draws begin with: the same seed gives the same draws.",
        },
        question=Question(
            "At temperature 0 the network always takes the most likely note. What "
            "happens if you generate twice with the same settings and other seeds?",
            (
                "Two different melodies",
                "The second one copies more",
                "The same melody twice",
            ),
            2,
            "The seed only matters where something is drawn at random. Without "
            "randomness the network is a fixed function of what came before.",
        ),
        hints=(
            "Two different melodies need something random. At temperature 0, what is "
            "drawn at random?",
            "Nothing changes from one time to the next that could make it copy more. "
            "Try it: press *Another*, which takes another seed.",
            "",
        ),
        done="You generated a melody at temperature 0 and at 1.5, and looked for "
        "copies.",
        learned="A generated sequence is sampled: the temperature chooses between the "
        "likeliest and the surprising, and a comparison with the data shows what is "
        "copied.",
        solution="At temperature 0 the notes are the same with every seed. At 1.5 "
        "they differ each time; the tab *Result* compares entropy and consistency of "
        "the melody with those of the training pieces. Often misunderstood: that the "
        "network has ideas of its own. All it knows is from its training pieces, and "
        "the page shows where it copies them.",
    ),
    Station(
        key="became",
        title="What became of RNNs",
        minutes=13,
        page="became",
        query="",
        goal="Recurrent networks have two problems. You have seen one: what is far "
        "back fades. The other is that each step waits for the one before. This page "
        "shows three answers; below *Attention* it is for experts.",
        steps=(
            Step(
                "Move *Letters in the text*. Compare *Numbers in memory* of a "
                "recurrent network and of attention, then *Work for all letters*, and "
                "then *Waiting in steps*.",
                event="steps became",
            ),
            Step(
                "Read *Attention*, and the beginning of *Back to a state, without the "
                "waiting*: what became of the two problems of this path.",
            ),
            Step(
                "Under *What you have seen of it here*, go back to one of the pages, "
                "and say to yourself in one sentence what you saw.",
            ),
        ),
        terms={
            "Attention": "a layer without a state: each step looks at all earlier ones "
            "at once, and computes how much each of them counts.",
            "minGRU, scan": "a recurrent network whose gate reads the input alone. So "
            "its states need not be computed one by one, but in a few rounds: a scan.",
        },
        question=Question(
            "A text becomes twice as long. What grows fourfold?",
            (
                "The state of an RNN",
                "The rounds of a scan",
                "The comparisons of attention",
            ),
            2,
            "Attention compares every position with every other: T² pairs. The state "
            "of an RNN keeps its size, and a scan needs one more round.",
        ),
        hints=(
            "The state of an RNN has a fixed size: it does not grow at all.",
            "A scan needs log₂ T rounds: with twice the length, one round more.",
            "",
        ),
        done="You moved the length of the text and compared the layers.",
        learned="Attention reaches any position in one step and pays with T² "
        "comparisons; scans and state-space models keep a fixed state without the "
        "waiting.",
        solution="Attention reaches any position in one step, at T² comparisons and a "
        "memory that grows with T. An RNN's state has a fixed size, and its steps must "
        "wait for each other. Scans (minGRU, state-space models) keep the fixed state "
        "and need log₂ T rounds. Often misunderstood: that RNNs are obsolete; where "
        "memory or time per step is limited they are in use.",
    ),
)
BY_KEY = {station.key: station for station in STATIONS}
MINUTES = sum(station.minutes for station in STATIONS)


def number_of(station: Station) -> int:
    """The place of a station on the path, from 0."""
    return STATIONS.index(station)


def place_of(station: Station) -> str:
    """The place of a station on the path, in words: their numbers begin at 0."""
    return f"Station {number_of(station)}"
