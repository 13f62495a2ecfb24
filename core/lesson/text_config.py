"""Settings of the network that writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from core.lesson.settings import LessonSettings
from core.task import Scalar, choice, number


@dataclass(frozen=True, kw_only=True)
class Config(LessonSettings):
    """Settings of the character model."""

    cell: str = choice(
        "lstm",
        ("rnn", "lstm"),
        "The network: an RNN with one tanh layer, or an LSTM with gates.",
    )
    window: int = number(
        40,
        2,
        100,
        "characters",
        "Characters per training example: longer dependencies cannot be learned.",
    )
    temperature: float = number(
        0.8,
        0.1,
        2,
        "",
        "Randomness of the samples: low values keep to the most likely characters; it "
        "does not affect training.",
    )
    sample: int = number(
        8, 1, 40, "samples", "Number of texts to generate after training."
    )

    variant: ClassVar = "cell"
    presets: ClassVar[Mapping[str, Mapping[str, Scalar]]] = {
        "Invent names": {},
        "Memorise one sentence": {"window": 60, "sample": 1, "temperature": 0.2},
        "Forget bias 0": {"forget_bias": 0},
        "No recurrence": {"recurrence": "off"},
        "The dropped da_prev": {"backward": "dropped"},
        "Learning rate too high": {"learning_rate": 1},
        "Huge steps without clipping": {
            "learning_rate": 10,
            "clip": 0,
            "recurrent_scale": 3,
            "batch": 1,
        },
    }

    @property
    def label(self) -> str:
        """The network in a few words."""
        return self.cell.upper()
