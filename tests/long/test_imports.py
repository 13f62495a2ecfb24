"""Which libraries a process has loaded after what it does: the large ones are dear."""

import json
import subprocess
import sys

import pytest

from core.emoji import Config
from core.emoji.own_classes import starter
from tests.core.emoji.helpers import trained

LARGE = "tensorflow keras sklearn scipy pandas pyarrow music21 pretty_midi yfinance"
# In one process, in this order: the code, and what is not loaded at its end.
STEPS = {
    "the application starts": ("import app", LARGE),
    "the sound font is found": (
        "from core.music.playing.sound import soundfont; soundfont()",
        LARGE,
    ),
    "the tasks are opened": (
        "from core.registry import TASKS, get_task\n"
        "for task in map(get_task, TASKS): task.Config(); task.tiny()",
        "tensorflow keras",
    ),
    "a model is taught": (
        """
from core.emoji import TASK
from core.emoji.pretrained import load
from core.emoji.teaching import teach
from core.emoji.text.rows import Rows
for progress in TASK.train(load().config, teach(load(), Rows.of([("ho hum", 3)]))):
    pass
assert progress.metrics["accuracy"] == 1.0
""",
        "tensorflow keras sklearn",
    ),
    "models answer and are judged": (
        """
from pathlib import Path
from core.emoji.judging.explain import explain
from core.emoji.judging.metrics import calibration
from core.emoji.result import Result
from core.emoji.sentence_map import sentence_map
for result in (load(), Result.decode(Path(sys.argv[1]).read_bytes())):
    result.answer(["it snowed all night"])
    explain(result.model, "it snowed all night")
    sentence_map(result.model, result.data.learned, {})
    result.summary()
calibration(load().shares("test"), load().rows("test").targets)
""",
        "tensorflow keras sklearn scipy.stats",
    ),
    "the data of prices are chosen": ("import pages.ui.stock.data", "yfinance"),
}
PROGRAM = """
import json, sys
names, loaded = sys.argv[2].split(), {}
for step, code in json.loads(sys.argv[3]).items():
    exec(code)
    loaded[step] = [name for name in names if name in sys.modules]
print(json.dumps(loaded))
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """The libraries that one process has loaded after each step."""
    file = tmp_path_factory.mktemp("model") / "result"
    file.write_bytes(trained(Config.preset("small"), starter("weather")).encode())
    steps = json.dumps({step: code for step, (code, _) in STEPS.items()})
    names = f"{LARGE} scipy.stats"
    command = [sys.executable, "-c", PROGRAM, str(file), names, steps]
    done = subprocess.run(command, check=True, capture_output=True, timeout=120)
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("step", STEPS)
def test_a_step_loads_no_library_that_it_does_not_need(step, loaded):
    _, without = STEPS[step]
    assert set(without.split()).isdisjoint(loaded[step])
