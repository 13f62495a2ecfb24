"""The ten stations of the guided path: what to do, what is asked, what is checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.runs.classes.goals import FINISHED, Goal
from core.task import Scalar
from pages.ui.lesson.texts import Question


@dataclass(frozen=True, kw_only=True)
class Check:
    """What is noticed by itself.

    Attributes
    ----------
    sentence
        What somebody has done who has met it.
    goal
        An event that a page notes, or what a run of the station's page reaches.
    settings
        That such a run must have.
    """

    sentence: str
    goal: Goal
    settings: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Station:
    """A part of the path.

    Attributes
    ----------
    key
        In links and in the store.
    page, query
        Where its work is done, with exactly these settings.
    goal
        What is learned, in a sentence.
    task
        What to do, in a few words: for the line on every page.
    steps
        The same in full, in Markdown.
    hint
        Where to look, for whoever has chosen a wrong answer.
    solution
        For teachers: what is seen, and what is often misunderstood.
    """

    key: str
    title: str
    minutes: int
    page: str
    query: str
    goal: str
    task: str
    steps: tuple[str, ...]
    question: Question
    hint: str
    check: Check
    solution: str


STATIONS: tuple[Station, ...] = (
    Station(
        key="cell",
        title="One step of a recurrent network",
        minutes=8,
        page="rnn",
        query="rnn_step=The+cell",
        goal="A recurrent network computes a new state from an input and its old "
        "state. All of it is multiplication, addition and tanh.",
        task="Set a bias so that a unit of the new state is at 1.",
        steps=(
            "Step through the cell with its buttons, and follow one product: "
            "a weight of Waa times a number of the old state.",
            "In *New state*, set the first bias ba from 0 to **5**. The first unit of "
            "hₜ rises from 0.735 to 1.00: tanh cannot give more. Such a unit is "
            "called **saturated**.",
            "Now change the first number of hₜ₋₁ from −0.83 to **0.83**. The saturated "
            "unit does not move. Set ba back to 0: without saturation the same change "
            "takes the unit from 0.735 to −0.296.",
        ),
        question=Question(
            "The slope of tanh is 1 − h². Which share of a gradient passes through the "
            "tanh of a unit whose state is 0.999?",
            ("0.999", "About a half", "About 0.002"),
            2,
            "1 − 0.999² = 0.002. A saturated unit does not react to its past, and so "
            "hardly any gradient reaches the past through it. Station 4 shows what "
            "follows from this.",
        ),
        hint="Compute 0.999², which is nearly 1, and take it away from 1.",
        check=Check(
            sentence="You edited numbers until a unit of the new state was above 0.999 "
            "or below −0.999.",
            goal=Goal(event="saturated rnn"),
        ),
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
        task="Type a word of your own in which a letter comes twice.",
        steps=(
            "Step through “hello”. Compare the columns of the two l: the input is the "
            "same, the states differ.",
            "Type a word of your own in which a letter comes twice, such as your name, "
            "and compare its two columns.",
            "Open *Network* and set *Recurrent scale* to **0.1**. Now the two columns "
            "are nearly the same: the state depends on the newest letter alone.",
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
        hint="Look at the equations of station 1: which letters have an index t?",
        check=Check(
            sentence="You let the network read a word of your own in which a letter "
            "comes twice.",
            goal=Goal(event="word rnn"),
        ),
        solution="Any word with a repeated letter will do. With *Recurrent scale* 0.1 "
        "the weights from state to state are a tenth, and the columns of equal letters "
        "look alike. Often misunderstood: that an unrolled network has one set of "
        "weights a step. Show that only the states have an index t, and the weights "
        "none.",
    ),
    Station(
        key="backward",
        title="The way back, and a hidden mistake",
        minutes=12,
        page="rnn",
        query="rnn_step=Backward&rnn_sequence_source=A+sine&rnn_preset=right",
        goal="Backpropagation through time multiplies the gradient by one factor per "
        "step. A comparison with finite differences tells whether code for it is "
        "right.",
        task="Find the hidden mistake.",
        steps=(
            "Play the backward pass. It begins at the last step, where the loss is. "
            "Watch the norm of the gradient: it begins at 1 and is 0.0037 at the first "
            "of the 24 steps.",
            "Press **Find the bug**. The badge now says that the gradients are wrong. "
            "At which steps do they still agree, and which of them differ?",
            "Choose a suspect. If it is not the one, the page says what would look "
            "different; go on until you have found it.",
        ),
        question=Question(
            "A backward pass has a mistake, yet the loss falls in training. How do you "
            "notice the mistake?",
            (
                "By the loss: with a wrong gradient it would rise",
                "By comparing gradients with finite differences",
                "Not at all: training would raise an error",
            ),
            1,
            "Wrong gradients often point roughly downhill, and then the loss falls, "
            "only less than it could. Finite differences compute the same gradient in "
            "another way: change one weight by a little, and see how the loss changes.",
        ),
        hint="Nothing raises an error, and a direction that is only roughly "
        "downhill still makes the loss smaller.",
        check=Check(
            sentence="You found a hidden mistake in a backward pass.",
            goal=Goal(event="mistake rnn"),
        ),
        solution="On the sine with seed 0, the norm of dh falls from 1 at the last "
        "step to 0.042 ten steps before it and 0.0037 at the first. Each step "
        "multiplies it by the slopes 1 − h² and by Waa. The mistake is chosen at "
        "random for each student; the page explains each suspect. Often "
        "misunderstood: a loss that falls is taken for proof of a right gradient.",
    ),
    Station(
        key="vanishing",
        title="The vanishing gradient",
        minutes=12,
        page="lstm",
        query="lstm_step=Learning&lstm_task=adding",
        goal="Two marked numbers of 50 have to be added. The LSTM learns it, the RNN "
        "does not at this learning rate, and the gradients show why.",
        task="Train both networks on 50 steps until the LSTM's error is below 0.02.",
        steps=(
            "Look at the example that the page opens with: the LSTM's error is near 0, "
            "and the RNN's, 0.179, is no better than that of always answering 1.",
            "Press **Train** and watch both curves; it takes about a quarter of a "
            "minute. If somebody has trained it before, the result is there at once.",
            "In the tab *Vanishing gradient*, compare how far back the gradient of the "
            "last state reaches **before** training and **after** it. The RNN's "
            "reaches far at first, and training takes that away.",
            "Then choose the preset *Ten steps only* and train again, for a few "
            "seconds. Over 10 steps the RNN solves the task as well.",
        ),
        question=Question(
            "Before training, the RNN's gradient reaches about as far back as the "
            "LSTM's. What takes this away within the first epochs?",
            (
                "It has too few units to store a number",
                "The learning rate becomes 0",
                "Its units saturate: tanh has slopes near 0 there",
            ),
            2,
            "At the learning rate 0.01 most of the RNN's states are soon near −1 or 1. "
            "Station 1 showed the rest: a saturated unit lets hardly any gradient "
            "through, and fifty such factors leave nothing. With a tenth of the "
            "learning rate (*Patience*) the RNN keeps its reach, and learns the task "
            "slowly.",
        ),
        hint="Move the slider over the epochs and look at the RNN's states: how many "
        "of them are near −1 or 1?",
        check=Check(
            sentence="You trained both networks on the adding problem over 50 steps, "
            "and the LSTM's test error is below 0.02.",
            goal=Goal(measure="lstm_mse", most=0.02),
            settings={"length": 50},
        ),
        solution="With the default settings and seed 0: test error LSTM 0.00013, RNN "
        "0.179, always answering 1 0.164. With *Ten steps only*: LSTM about "
        "0.0001, RNN about 0.004. Often misunderstood: that an RNN cannot represent "
        "the solution, or that its gradient vanishes from the start. It is training at "
        "this rate that saturates its units.",
    ),
    Station(
        key="lstm",
        title="Gates: how an LSTM keeps a number",
        minutes=11,
        page="lstm",
        query="lstm_step=The+cell",
        goal="The cell state is kept and added to, under the control of gates. With "
        "the forget gate at 1 and the input gate at 0 a number passes unchanged.",
        task="Set the biases so that a number of the cell state passes unchanged.",
        steps=(
            "Step through the cell. Find the three gates, whose numbers are between 0 "
            "and 1, and the two states.",
            "Set the first bias **bf** to **10** and the first bias **bi** to **−10**. "
            "The first number of the cell state, 0.56, is now the same before and "
            "after the step.",
            "Change inputs and old hidden state as you like: the first number of the "
            "cell state stays. This is how an LSTM remembers over many steps.",
            "Then open the page *GRU*: it does the same with one gate less and "
            "without a second state.",
        ),
        question=Question(
            "The forget gate of a unit is 0.99 at every step. Which share of the "
            "gradient along its cell state is left after 50 steps?",
            ("About 60%", "About 1%", "99%"),
            0,
            "0.99⁵⁰ = 0.605. Along the cell state there is neither a weight matrix nor "
            "a tanh, and training can move the gate closer to 1. A factor of 0.9 per "
            "step would leave 0.5%.",
        ),
        hint="The gradient is multiplied by 0.99 at each of 50 steps.",
        check=Check(
            sentence="You set gates so that a number of the cell state passed "
            "unchanged.",
            goal=Goal(event="kept lstm"),
        ),
        solution="bf₁ = 10 puts the forget gate of the first unit at 1.000, bi₁ = −10 "
        "its input gate at 0.000: c₁ = 1 × 0.56 + 0 = 0.56. Often misunderstood: that "
        "the gates are switches that somebody sets. They are small layers that compute "
        "a number between 0 and 1 from input and state, and they are learned.",
    ),
    Station(
        key="unit",
        title="The unit that counts",
        minutes=10,
        page="lstm",
        query="lstm_step=Forward&lstm_forward_network=Trained"
        "&lstm_forward_run=example&lstm_trained_view=The+unit+that+counts",
        goal="Inside a trained network a single unit can follow something that has a "
        "name. Without the unit the network predicts worse where that matters.",
        task="Colour the text by what is lost without the unit.",
        steps=(
            "This LSTM has learned to invent names. The text is coloured by the state "
            "of one of its 32 units. Play the epochs, and watch how the unit's "
            "correlation with the position changes.",
            "Choose other units, and look where in the names each of them is on and "
            "off.",
            "Under *Try* choose *Position in the name*, and then colour the text by "
            "**What is lost without it**: the unit is switched off, and the letters "
            "that are predicted worse are coloured.",
        ),
        question=Question(
            "The state of a unit goes along with the position in the name: the "
            "correlation is 0.89. Why does the page give the 0.10 of chance beside it?",
            (
                "One of many units always fits a little",
                "A correlation below 1 has no meaning",
                "The names were used in training",
            ),
            0,
            "Whoever looks at 32 units and several properties finds some correlation "
            "even where there is nothing. A correlation says something only if it is "
            "clearly above what the best of all units has by chance, and above what "
            "the best one has before training; 0.89 is.",
        ),
        hint="The page has looked at all units and several properties, and shows the "
        "best.",
        check=Check(
            sentence="You switched off a unit of the trained LSTM.",
            goal=Goal(event="unit lstm"),
        ),
        solution="Unit 13 follows the position in the name most closely (correlation "
        "0.89; the best of all units has 0.10 by chance on the 196 names shown, 0.05 "
        "on all 783 held-out names, and 0.57 before training). Without it the "
        "loss rises by 0.20 nats at the ends of the names shown (0.21 on all held-out "
        "names), and not elsewhere: the network knows less well when a name is long "
        "enough. Often misunderstood: that one unit does it alone. Others follow the "
        "position as well, less closely, and three of them cost more at the ends.",
    ),
    Station(
        key="prices",
        title="Prices: an honest comparison",
        minutes=10,
        page="stock",
        query="stock_recipe=honest",
        goal="A forecast is worth as much as it is better than the simplest one. For "
        "daily prices that is the last known price.",
        task="Train on prices, and read the judgement.",
        steps=(
            "Before you train, guess: by how many percent is the LSTM's error for the "
            "next day below that of repeating the last price?",
            "Press **Train**. The line above the bar says how long it takes on this "
            "machine. Watch the validation loss.",
            "Read the two sentences at the top of the result, on price and on risk, "
            "and compare them with your guess.",
            "Open the tab *Judgement*: each forecast stands beside its rivals.",
        ),
        question=Question(
            "A chart shows a forecast line that follows the price closely, one day "
            "behind. What does that show?",
            (
                "That the network forecasts well",
                "That it repeats the last known price",
                "That it has seen the future",
            ),
            1,
            "Repeating the last price looks the same and needs no network. Only the "
            "ratio of the errors tells them apart, and for daily prices it is about 1. "
            "How uncertain the next price is can be forecast; there the LSTM helps.",
        ),
        hint="Ask what line you would draw if you only knew the last price.",
        check=Check(
            sentence="You trained an LSTM on prices to the end.",
            goal=Goal(event=FINISHED),
        ),
        solution="S&P 500, default settings: at one day the LSTM's error is 1.0000 "
        "times that of the last known price. Its risk forecast is better than that of "
        "the best classical model, GJR-GARCH, at one day (p < 0.0001); at 5, 10 and 20 "
        "days nothing better was found, and that model's forecast is used. Often "
        "misunderstood: a line that looks right in a chart of prices is taken for a "
        "good forecast.",
    ),
    Station(
        key="emoji",
        title="A sentence, word by word",
        minutes=7,
        page="emoji",
        query="emoji_text=I+was+sad+and+now+I+am+happy",
        goal="An LSTM reads the words in their order. A model that averages the words "
        "cannot tell two orders apart.",
        task="Type a sentence of your own.",
        steps=(
            "Read the answer to *I was sad and now I am happy*. Then exchange *sad* "
            "and *happy*: the same words, another answer.",
            "Choose *Word by word* and see when the answer changes. Choose *Word "
            "order*: the same words in random order, read by this model and by one "
            "that averages them.",
            "Type a sentence of your own, and try to mislead the network: with *not*, "
            "or with a word of another meaning. If it is wrong, say what the answer "
            "should be.",
        ),
        question=Question(
            "A simpler model takes the mean of the vectors of all words. What does it "
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
        hint="A mean is the same in whatever order its numbers are added.",
        check=Check(
            sentence="You typed a sentence of your own, and the network answered.",
            goal=Goal(event="sentence emoji"),
        ),
        solution="*I was sad and now I am happy*: smile; *I was happy and now I am "
        "sad*: sad. *I am not happy*: sad, over 99%. *We are not hungry*: "
        "food, over 99%: it has learned what sentences with *hungry* are about, and "
        "not what *not* means. Often misunderstood: a high confidence is taken for a "
        "right answer.",
    ),
    Station(
        key="music",
        title="Music: between copying and noise",
        minutes=7,
        page="music",
        query="music_voice=ragtime&music_temperature=0",
        goal="A generated text or melody is sampled. The temperature decides between "
        "the most likely notes and surprise, and a comparison with the training pieces "
        "shows what is copied.",
        task="Generate at a low and at a high temperature.",
        steps=(
            "Temperature is 0: each note is the most likely one. Press **Generate** "
            "and listen.",
            "Set *Temperature* to **1.5**, generate again, and compare.",
            "Open the tab *Result* and read how long the longest passage is that "
            "occurs in the training pieces.",
        ),
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
        hint="Try it: set the temperature to 0 and press *Another*, which takes "
        "another seed.",
        check=Check(
            sentence="You generated a melody at a temperature of at least 1.2.",
            goal=Goal(event="melody music"),
        ),
        solution="At temperature 0 the notes are the same whatever the seed. At 1.5 "
        "they differ each time; the tab *Result* compares entropy and consistency of "
        "the melody with those of the training pieces. Often misunderstood: that the "
        "network has ideas of its own. All it knows is from its training pieces, and "
        "the page shows where it copies them.",
    ),
    Station(
        key="became",
        title="What became of RNNs",
        minutes=6,
        page="became",
        query="",
        goal="Attention, state-space models and the minGRU answer what this path has "
        "shown: long distances, and steps that wait for each other.",
        task="Move the length T, and compare what has to wait.",
        steps=(
            "Move *Length T*. Compare *Numbers to keep* of a recurrent network and of "
            "attention, and then *Steps that wait*.",
            "Read what became of the two problems of this path: the gradient over long "
            "distances, and steps that must wait for each other.",
            "Under *What you have seen of it here*, go back to one of the pages, and "
            "explain to somebody what it shows.",
        ),
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
        hint="Which of them looks at pairs of positions?",
        check=Check(
            sentence="You moved the length of the sequence and compared the layers.",
            goal=Goal(event="steps became"),
        ),
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
    """The place of a station on the path, from 1."""
    return STATIONS.index(station) + 1
