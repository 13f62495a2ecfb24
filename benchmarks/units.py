"""The unit that counts, in each finished example: python -m benchmarks.units [example].

The unit that follows the position in the name best is chosen on names of the training
part. Its correlation on the held-out names stands beside that of the best of all units
before training, and of the best guess from one character alone. Then it is switched
off: the rise of the loss at the ends of the held-out names and elsewhere, with 95%
intervals, beside that of the other units. Units are counted from 1, as on the page.
"""

import sys

import numpy as np

from core import examples
from core.lesson import units
from core.lesson.trained import TrainedNetwork
from core.lesson.writing.corpus import END, START, split
from core.process import one_thread
from core.stats import Interval

NETWORKS = ("text-rnn", "text", "text-gru", "text-mingru")
EVERY = 5  # of so many names of the training part one is read to choose the unit
POSITION = units.PROPERTIES["position in the line"]


class Case:
    """An example, and the texts that choose the unit and judge it."""

    def __init__(self, name: str) -> None:
        self.trained = TrainedNetwork.of(examples.load(name).result, {})
        train, self.held_out = split(self.trained.corpus, self.trained.config.window)
        self.names = START + END.join(train.split(END)[1:-1:EVERY]) + END
        self.whole = self.read(self.trained.result, self.held_out)

    def read(self, network, text) -> units.Reading:
        return units.read(network, self.trained.corpus, text)

    def correlations(self, epoch: int, text: str) -> np.ndarray:
        states = self.read(self.trained.networks[epoch], text).states
        return units.correlations(states, POSITION(text))

    def figures(self) -> dict[str, float]:
        """Choose the unit on names of the training part; judge it on the others."""
        last = max(self.trained.networks)
        unit = int(np.abs(self.correlations(last, self.names)).argmax())
        return {
            "unit": unit + 1,
            "correlation": self.correlations(last, self.held_out)[unit],
            "before": np.abs(self.correlations(0, self.held_out)).max(),
            "one character": self.memoryless(),
        }

    def memoryless(self) -> float:
        """Return the correlation of the position with its mean for each character."""
        known, read = POSITION(self.names), np.array(list(self.names))
        means = {character: known[read == character].mean() for character in set(read)}
        guess = np.array([[means.get(c, known.mean()) for c in self.held_out]])
        return float(units.correlations(guess, POSITION(self.held_out))[0])

    def rises(self, number: int) -> dict[str, Interval]:
        """Switch a unit off: the mean rise of the loss at the ends and elsewhere."""
        hidden = self.whole.hidden
        without = units.switched_off(self.trained.result, number, hidden)
        rise = self.read(without, self.held_out).losses - self.whole.losses
        return units.mean_rises(self.held_out, rise, is_names=True)


def report(name: str) -> None:
    """Print the figures of one example."""
    case = Case(name)
    found = case.figures()
    print(f"\n{name}:", ", ".join(f"{key} {v:.2g}" for key, v in found.items()))
    every = [case.rises(number + 1) for number in range(case.trained.result.units)]
    own = every.pop(int(found["unit"]) - 1)
    for place, rise in own.items():
        others = [each[place].value for each in every]
        print(
            f"{place}: {rise.value:+.3f} ({rise.low:+.3f} to {rise.high:+.3f}); others:"
            f" median {np.median(others):+.3f}, largest {max(others):+.3f}, "
            f"{sum(value > rise.value for value in others)} cost more"
        )


if __name__ == "__main__":
    one_thread()
    for example in sys.argv[1:] or NETWORKS:
        report(example)
