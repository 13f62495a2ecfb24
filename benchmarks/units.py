"""What single units of the finished examples stand for: python -m benchmarks.units.

For each network that was trained on the names:

1. Properties of the characters. The unit that follows each one best is chosen on names
   of the training part; its correlation on the held-out names stands beside what the
   best of all units reaches by chance, what the best unit reaches before training, how
   many units are above that one, and what a rival without memory reaches: the mean of
   the property for each character.
2. The unit chosen for the position in the name is switched off: the rise of the loss at
   the ends of the held-out names and elsewhere, with 95 % intervals, beside the same of
   every other unit, and how many of them cost more there; and how long the names are
   that the network then invents.
3. Its correlation with the position over the epochs.

Units are counted from 1, as on the pages.

`python -m benchmarks.units text` prints that of one example.
"""

import sys
from typing import NamedTuple

import numpy as np

from core import examples
from core.arrays import unpack
from core.lesson import units, writing
from core.lesson.network import Network
from core.lesson.units import PROPERTIES, Rise
from core.lesson.writing.corpus import END, START, Corpus, split
from core.lesson.writing.sampling import sample
from core.process import one_thread

NETWORKS = ("text-rnn", "text", "text-gru", "text-mingru")
POSITION = "position in the line"
EVERY = 5  # of so many names of the training part one is read to choose units
INVENTED = 1000  # names
EPOCHS = (0, 1, 2, 3, 5, 10, 20, 40)


class Case(NamedTuple):
    """An example, and the text that chooses units beside the text that judges."""

    example: examples.Example
    network: Network
    corpus: Corpus
    chooses: str
    judges: str


class Found(NamedTuple):
    """The unit that follows a property best, and its correlations."""

    unit: int
    chosen: float  # on the training part
    held_out: float
    chance: float
    untrained: float
    above: int  # units of the trained network above the best untrained one
    memoryless: float


def load(name: str) -> Case:
    """Load an example."""
    example = examples.load(name)
    result = example.result
    train, held_out = split(result.corpus, result.config.window)
    names = train.split(END)[1:-1:EVERY]
    chooses = START + END.join(names) + END
    return Case(example, result.network, result.corpus, chooses, held_out)


def network_at(case: Case, epoch: int) -> Network:
    """Rebuild the network of an epoch."""
    config = case.example.result.config
    if epoch == 0:
        snapshot = writing.initial_snapshot(config, case.corpus)
    else:
        snapshot = unpack(case.example.snapshots[epoch])
    return writing.network_at(config, case.corpus, snapshot)


def find(case: Case, name: str) -> Found:
    """Choose the unit that follows a property, and judge it on the held-out names."""
    of_text = PROPERTIES[name]
    chosen, judged = (
        units.correlations(
            units.read(case.network, case.corpus, text).states,
            of_text(case.corpus, text),
        )
        for text in (case.chooses, case.judges)
    )
    unit = int(np.abs(chosen[:, 0]).argmax())
    pattern = of_text(case.corpus, case.judges)
    fresh = units.read(network_at(case, 0), case.corpus, case.judges).states
    untrained = float(np.abs(units.correlations(fresh, pattern)[:, 0]).max())
    return Found(
        unit,
        float(chosen[unit, 0]),
        float(judged[unit, 0]),
        units.chance_of(judged),
        untrained,
        int(np.count_nonzero(np.abs(judged[:, 0]) > untrained)),
        memoryless(case, name),
    )


def memoryless(case: Case, name: str) -> float:
    """Return the correlation of a property with its mean for the character read."""
    known, pattern = (
        PROPERTIES[name](case.corpus, text) for text in (case.chooses, case.judges)
    )
    read = np.array(list(case.chooses))
    means = {character: known[read == character].mean() for character in set(read)}
    guess = np.array([means.get(character, known.mean()) for character in case.judges])
    return float(units.correlations(guess[np.newaxis], pattern)[0, 0])


def rises(case: Case, off: list[int]) -> list[Rise]:
    """Switch off one unit after the other: the rises at the ends and elsewhere."""
    ends = np.array([character == END for character in case.judges[1:]])
    before = units.losses(case.network, case.corpus, case.judges)
    return [
        units.rise_of_loss(
            case.judges,
            before,
            units.losses(case.network, case.corpus, case.judges, [unit]),
            ends,
        )
        for unit in off
    ]


def lengths(case: Case, off: list[int]) -> str:
    """Return mean and standard deviation of the length of invented names."""
    network = case.network
    if off:
        network = units.switched_off(network, case.corpus, off)
    rng = np.random.default_rng(0)
    names = sample(network, case.corpus, rng, INVENTED, 1.0)
    letters = np.array([len(name) for name in names])
    return f"{letters.mean():.1f} ± {letters.std():.1f}"


def report(name: str) -> None:
    """Print everything about one example."""
    case = load(name)
    print(f"\n{name}: {len(case.judges)} characters held out")
    print(
        f"{'property':32} unit  chosen held out chance untrained above one character",
    )
    for property_name in PROPERTIES:
        found = find(case, property_name)
        if not found.chosen or property_name == "position in the word":
            continue  # no such characters; a name is one word
        print(
            f"{property_name:32} {found.unit + 1:4} {found.chosen:7.2f} "
            f"{found.held_out:8.2f} {found.chance:6.2f} {found.untrained:9.2f} "
            f"{found.above:5} {found.memoryless:13.2f}"
        )
    unit = find(case, POSITION).unit
    every = rises(case, list(range(len(case.network.head[0].T))))
    print(f"unit {unit + 1} off, rise of the loss, nats a character")
    for part in Rise.__dataclass_fields__:
        mean, low, high = getattr(every[unit], part)
        others = [getattr(rise, part).mean for rise in every]
        del others[unit]
        print(
            f"  {part:10} {mean:+.3f} ({low:+.3f} to {high:+.3f}); other units: median "
            f"{np.median(others):+.3f}, largest {max(others):+.3f}, "
            f"{sum(other > mean for other in others)} cost more"
        )
    held_out = np.array([len(each) for each in case.judges.split(END)[1:-1]])
    print(
        f"letters of a name: held out {held_out.mean():.1f} ± {held_out.std():.1f}, "
        f"invented {lengths(case, [])}, without the unit {lengths(case, [unit])}"
    )
    position = PROPERTIES[POSITION](case.corpus, case.judges)
    print("correlation with the position by epoch:", end="")
    for epoch in EPOCHS:
        read = units.read(network_at(case, epoch), case.corpus, case.judges)
        value = units.correlations(read.states[[unit]], position)[0, 0]
        print(f" {epoch}: {value:+.2f}", end="")
    print()


if __name__ == "__main__":
    one_thread()
    for example in sys.argv[1:] or NETWORKS:
        report(example)
