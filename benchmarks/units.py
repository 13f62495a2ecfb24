"""The unit that counts, in each finished example: python -m benchmarks.units [example].

The unit that follows the position in the name best is chosen on names of the training
part. Its correlation on the held-out names stands beside that of the best unit of
twenty untrained networks, and of the best guess from one character. Then it is switched
off: the rise of the loss at the ends of the held-out names and elsewhere, with 95%
intervals, beside that of the other units. Units are counted from 1, as on the page.
"""

import sys

import numpy as np

from core import examples
from core.lesson.trained import TrainedNetwork
from core.lesson.units import (
    PROPERTIES,
    Reading,
    ablation,
    correlations,
    read,
    rivals_of,
)
from core.lesson.writing.corpus import END, START, split
from core.process import one_thread

NETWORKS = ("text-rnn", "text", "text-gru", "text-mingru")
EVERY = 5  # of so many names of the training part one is read to choose the unit
POSITION = PROPERTIES["position in the line"]


def unit_that_counts(example: str) -> tuple[Reading, dict[str, float]]:
    """Choose the unit on names of the training part; judge it on the others.

    Returns the reading of the held-out names, and the figures.
    """
    trained = TrainedNetwork.of(examples.load(example).result, {})
    train, held_out = split(trained.corpus, trained.config.window)
    names = START + END.join(train.split(END)[1:-1:EVERY]) + END
    known = read(trained.result, trained.corpus, names)
    judged = read(trained.result, trained.corpus, held_out)
    unit = np.abs(correlations(known.states, POSITION(names))).argmax()
    position = POSITION(held_out)
    rivals = rivals_of(trained, held_out, {"position": position})["position"]
    return judged, {
        "unit": unit + 1,
        "correlation": correlations(judged.states, position)[unit],
        "untrained": rivals.untrained,
        "one character": rivals.one_character,
    }


def report(example: str) -> None:
    """Print the figures of one example."""
    reading, found = unit_that_counts(example)
    print(f"\n{example}:", ", ".join(f"{key} {v:.2g}" for key, v in found.items()))
    every = [ablation(reading, number + 1)[1] for number in range(len(reading.hidden))]
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
