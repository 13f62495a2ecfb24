"""The finished examples: trained by `make examples`, shown by the pages."""

import json
import logging
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from core.arrays import pack, unpack
from core.lesson.adding import Config as AddingConfig
from core.lesson.snapshot_file import weights_file
from core.lesson.trained import TrainedNetwork
from core.process import one_thread
from core.registry import get_task
from core.stock import Config as PriceConfig
from core.stock.judging.verdict import Outcome
from core.stock.sources.samples import SAMPLES, load_sample
from core.task import Point, Progress, Scalar
from core.training import finish

log = logging.getLogger(__name__)

FOLDER = Path(__file__).parents[1] / "data" / "examples"
SAMPLE_VERDICTS = FOLDER / "price_samples.json"
NAMES = FOLDER.parent / "previews" / "names.bin"  # network of the home page
NAMES_EPOCHS = (0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 40)
SNAPSHOT = "snapshot "
# Name of each example -> its task, and changes of the task's example settings. Emoji
# and music have shipped models instead: see core/*/pretrained.py.
EXAMPLES: dict[str, tuple[str, Mapping[str, Scalar]]] = {
    "stock": ("stock", {}),
    "stock-classic": ("stock", PriceConfig.presets["classic"]),  # takes twelve minutes
    "text": ("text", {}),
    "text-rnn": ("text", {"cell": "rnn"}),
    "text-gru": ("text", {"cell": "gru"}),
    "text-mingru": ("text", {"cell": "mingru"}),
    "adding": ("adding", {}),
    "adding-gru": ("adding", AddingConfig.presets["Four networks, equal parameters"]),
    "adding-patience": (
        "adding",
        AddingConfig.presets["Patience: a tenth of the learning rate"],
    ),
}
CURVES_ONLY = {"adding-patience"}  # shown beside another training, without snapshots


@dataclass(frozen=True, kw_only=True)
class Example:
    """A finished training: its points, the task's Result, snapshots by epoch."""

    points: list[Point]
    result: Any
    snapshots: dict[int, bytes] = field(default_factory=dict)


def load(name: str) -> Example:
    """Read a shipped example by its name in `EXAMPLES`."""
    content = unpack((FOLDER / f"{name}.npz").read_bytes())
    points = [
        Point(epoch=epoch, metrics=metrics)
        for epoch, metrics in json.loads(str(content["points"]))
    ]
    task, _ = EXAMPLES[name]
    result = get_task(task).Result.decode(content["result"].tobytes())
    snapshots = {
        int(key.removeprefix(SNAPSHOT)): value.tobytes()
        for key, value in content.items()
        if key.startswith(SNAPSHOT)
    }
    return Example(points=points, result=result, snapshots=snapshots)


def make(name: str) -> Path:
    """Train an example, write it, and return its path."""
    task, changes = EXAMPLES[name]
    config, data = get_task(task).example()
    training = get_task(task).train(replace(config, **changes), data)
    points, content = [], {}
    try:
        while True:
            progress: Progress = next(training)
            if progress.metrics:
                points.append([progress.epoch, dict(progress.metrics)])
            if progress.snapshot is not None and name not in CURVES_ONLY:
                snapshot = _bytes(pack(progress.snapshot))
                content[f"{SNAPSHOT}{progress.epoch}"] = snapshot
    except StopIteration as end:
        content["result"] = _bytes(end.value.encode())
    content["points"] = np.array(json.dumps(points))
    path = FOLDER / f"{name}.npz"
    FOLDER.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pack(content, compress=True))
    return path


def load_trained(name: str) -> TrainedNetwork:
    """Read the networks of all epochs of an example of the writing task."""
    example = load(name)
    snapshots = {epoch: unpack(each) for epoch, each in example.snapshots.items()}
    return TrainedNetwork.of(example.result, snapshots)


def make_names() -> Path:
    """Write the weights of the writing example for the browser; return the path."""
    NAMES.write_bytes(weights_file(load_trained("text"), NAMES_EPOCHS))
    return NAMES


def make_sample_verdicts() -> Path:
    """Train the price forecast on every bundled series; write the verdicts."""
    verdicts = {}
    for name in SAMPLES:
        training = get_task("stock").train(PriceConfig(), load_sample(name))
        result: Any = finish(training)
        verdicts[name] = {
            "price": [asdict(outcome) for outcome in result.price.outcomes],
            "risk": [asdict(outcome) for outcome in result.risk.outcomes],
        }
    SAMPLE_VERDICTS.write_text(json.dumps(verdicts, indent=1) + "\n", encoding="utf-8")
    return SAMPLE_VERDICTS


def load_sample_verdicts() -> dict[str, dict[str, list[Outcome]]]:
    """Read the file of `make_sample_verdicts`: series, price or risk, outcomes."""
    verdicts = json.loads(SAMPLE_VERDICTS.read_text(encoding="utf-8"))
    return {
        name: {
            kind: [Outcome(**each) for each in outcomes]
            for kind, outcomes in of_series.items()
        }
        for name, of_series in verdicts.items()
    }


def _bytes(content: bytes) -> np.ndarray:
    return np.frombuffer(content, np.uint8)


if __name__ == "__main__":
    one_thread()
    logging.basicConfig(level=logging.INFO)
    others = {SAMPLE_VERDICTS.stem: make_sample_verdicts, NAMES.stem: make_names}
    for example in sys.argv[1:] or (*EXAMPLES, *others):
        log.info("made %s", others[example]() if example in others else make(example))
