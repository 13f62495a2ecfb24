"""A Jupyter notebook that trains a run again and compares the numbers."""

import base64
import dataclasses
import importlib
import json
import pprint
import textwrap
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.archive import zip_files
from core.cli import write_file
from core.registry import get_task
from core.report import Introduction
from core.source import source
from core.takeaway.report import report_of
from core.task import Outcome, Point, Settings, Task, bounds_of
from core.version import code_version, described, libraries

MOST_INSIDE = 2_000_000  # characters of data in the notebook; more are a file beside it
LINE = 88  # characters
KERNEL = {
    "kernelspec": {
        "display_name": "Python 3",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}
TITLE = """\
# {title}

{about}

This notebook trains one run again: with the same settings, the same random seed and \
the same data, by the code of Unrolled. The last cell compares its numbers with those \
of the run. {stopped}

| | |
|---|---|
| Trained | {epochs} epochs |
| Version of Unrolled | {version} |
| Libraries | {libraries} |
"""
STOPPED = (
    "The run was stopped before its end. The notebook stops at the end of the last "
    "whole epoch, number {epoch}, so the losses of the epochs are the same. The steps "
    "of the epoch in which it was stopped are not repeated: where the result depends "
    "on them, its figures differ."
)
PROJECT = '''\
import os
import sys
from pathlib import Path


def project() -> Path:
    """Find Unrolled: in the folder that UNROLLED names, in this one, or above it."""
    given = os.environ.get("UNROLLED")
    here = Path.cwd()
    for folder in [Path(given)] if given else [here, *here.parents]:
        if (folder / "core" / "registry.py").is_file():
            return folder.resolve()
    raise FileNotFoundError(
        f"Expected the folder of Unrolled, with core/ in it, at {given or here}. Start "
        "Jupyter in that folder, or set the environment variable UNROLLED to its path."
    )


sys.path.insert(0, str(project()))

from core.process import one_thread
from core.version import code_version, described

one_thread()  # as the workers: two threads add in another order
made_by = "%s"
if code_version() == made_by:
    print(f"The version of Unrolled that wrote this notebook: {described()}.")
else:
    print(f"Another version than the one that wrote this notebook: {described()}.")
'''
SETTINGS = """\
## Settings

All settings of the run. A comment says what each of them does, and which differ from \
the usual ones.
"""
DATA = """\
## Data

What the run was trained on, compressed {where}.
"""
INSIDE = '''\
import base64
import zlib

content = """
%s
"""
data = decode_data(zlib.decompress(base64.b64decode(content)))
print(title(data))
'''
BESIDE = """\
import zlib

file = Path(%r)
if not file.exists():
    raise FileNotFoundError(f"Expected {file} beside this notebook, got none.")
data = decode_data(zlib.decompress(file.read_bytes()))
print(title(data))
"""
TRAINING = """\
## Training

The loop of this task, from `{module}`. It pauses after each epoch, and within long \
ones, by yielding its progress.

```python
{source}
```

Here it is iterated:
"""
LOOP = """\
from core.takeaway.repetition import Repetition

training = Repetition(train(config, data){last})
for progress in training:
    if progress.metrics:
        metrics = ", ".join(f"{{n}} {{v:.4g}}" for n, v in progress.metrics.items())
        print(f"epoch {{progress.epoch}} of {{progress.total}}: {{metrics}}")
result = training.result
{finish}"""
RESULT = "## Result\n\nWhat the evaluation says, then the learning curve and the rest."
FIGURES = """\
from %s import report_figures, report_verdicts

for sentence in report_verdicts(result):
    print(sentence)
for heading, figure, alt in report_figures(result, training.points):
    figure.update_layout(title=heading, margin_t=100, height=440).show()
    print(alt)
"""
COMPARISON = """\
## Are these the numbers of the run?

The recorded ones, and the comparison. Besides settings and data, numbers depend on \
the versions of the code and of the libraries, and on the kind of processor: others \
add in another order, which training magnifies.
"""
COMPARE = """\
from core.takeaway.repetition import compare
from core.version import libraries

result = Result.decode(result.encode())  # as it is stored, which rounds some arrays
comparison = compare(result.summary(), training.points, recorded, recorded_epochs)
print(comparison)
if not comparison.same:
    recorded_libraries = %s
    print(f"Recorded with {recorded_libraries},\\n        here {libraries()}.")
"""


@dataclass(frozen=True, kw_only=True)
class Notebook:
    """A notebook, and what has to lie beside it.

    Attributes
    ----------
    content
        Of the .ipynb file.
    data
        Of the file of data, or None where they are in the notebook.
    data_name
        The name of this file.
    """

    content: bytes
    data: bytes | None
    data_name: str

    def zipped(self) -> bytes:
        """Return both files as one .zip."""
        assert self.data is not None
        name = str(Path(self.data_name).with_suffix(".ipynb"))
        return zip_files({name: self.content, self.data_name: self.data})


def needs_file(task: str, result: Outcome) -> bool:
    """Whether the data of a result lie beside the notebook, as they are large."""
    return len(_encoded(_data(task, result))) > MOST_INSIDE


def _data(task: str, result: Outcome) -> bytes:
    return zlib.compress(get_task(task).encode_data(result.data), 9)


def _encoded(data: bytes) -> str:
    return textwrap.fill(base64.b64encode(data).decode(), LINE)


def make_notebook(
    task: str,
    result: Outcome,
    points: Sequence[Point],
    *,
    stopped: bool = False,
    name: str = "",
) -> Notebook:
    """Write a notebook that repeats a training.

    Parameters
    ----------
    task
        Its name in the registry.
    result, points
        What came of the training: all of this, or some of its epochs.
    stopped
        Whether it was stopped before its end.
    name
        Of the file, without its ending.
    """
    data = _data(task, result)
    inside = _encoded(data)
    beside = len(inside) > MOST_INSIDE
    data_name = f"{name or f'unrolled-{task}'}.data"
    part = report_of(task)
    about: Introduction = part.introduction(get_task(task), result)
    last = f", last_epoch={result.summary()['epochs']}" if stopped else ""
    loop = source(about.training, "train")
    cells = [
        _text(_title(about, result, stopped)),
        _code(PROJECT % code_version()),
        _text(SETTINGS),
        _code(_settings(get_task(task), result.config)),
        _text(DATA.format(where="in the file beside it" if beside else "in a cell")),
        _code(BESIDE % data_name) if beside else _code(INSIDE % inside, long=True),
        _text(TRAINING.format(module=about.training, source=loop)),
        _code(LOOP.format(last=last, finish=about.finish)),
        _text(RESULT),
        _code(FIGURES % part.__name__),
        _text(COMPARISON),
        _code(_recorded(task, result, points), long=True),
        _code(COMPARE % pprint.pformat(libraries(), width=LINE, sort_dicts=False)),
    ]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    notebook = {"cells": cells, "metadata": KERNEL, "nbformat": 4, "nbformat_minor": 5}
    return Notebook(
        content=json.dumps(notebook, indent=1, ensure_ascii=False).encode(),
        data=data if beside else None,
        data_name=data_name,
    )


def write_notebook(
    file: str,
    task: str,
    result: Outcome,
    points: Sequence[Point],
    *,
    stopped: bool = False,
) -> None:
    """Write a notebook and, where it is large, its data in a file beside it."""
    place = Path(file)
    made = make_notebook(task, result, points, stopped=stopped, name=place.stem)
    write_file("notebook", file, made.content)
    if made.data is not None:
        write_file("notebook", str(place.with_name(made.data_name)), made.data)


def _text(source: str) -> dict[str, object]:
    return {"cell_type": "markdown", "metadata": {}, "source": source.strip()}


def _code(source: str, long: bool = False) -> dict[str, object]:
    """Return a cell of code; a long one is folded."""
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {"jupyter": {"source_hidden": True}} if long else {},
        "outputs": [],
        "source": source.strip(),
    }


def _title(about: Introduction, result: Outcome, stopped: bool) -> str:
    epochs = result.summary()["epochs"]
    return TITLE.format(
        title=about.title,
        about=about.text,
        stopped=STOPPED.format(epoch=epochs) if stopped else "",
        epochs=epochs,
        version=described(),
        libraries=", ".join(f"{name} {number}" for name, number in libraries().items()),
    )


def _settings(task: Task, config: Settings) -> str:
    """Return the code of the settings, each with its help and whether it is usual."""
    module = vars(importlib.import_module(task.module))
    wanted = ("Config", "Result", "decode_data", "title", "train")
    own = [name for name in wanted if name in module]
    lines = [f"from {task.module} import {', '.join(own)}", ""]
    if general := [name for name in wanted if name not in module]:
        lines += ["from core.registry import get_task", ""]
        lines += [f"{name} = get_task({task.name!r}).{name}" for name in general]
    lines.append("config = Config(")
    usual, changes = config.usual, config.changes
    for item in dataclasses.fields(config):
        value, bounds = getattr(config, item.name), bounds_of(item)
        if item.name in changes:
            lines.append(f"    # Changed, usually {usual[item.name]!r}.")
        lines += textwrap.wrap(
            bounds.help, LINE, initial_indent="    # ", subsequent_indent="    # "
        )
        lines.append(f"    {item.name}={value!r},")
    return "\n".join([*lines, ")"])


def _recorded(task: str, result: Outcome, points: Sequence[Point]) -> str:
    stored = get_task(task).Result.decode(result.encode())
    # Through JSON: what pprint writes of NumPy's numbers is no literal.
    summary = json.loads(json.dumps(stored.summary()))
    epochs = {p.epoch: json.loads(json.dumps(p.metrics)) for p in points}
    first, second = (
        pprint.pformat(each, width=LINE, sort_dicts=False) for each in (summary, epochs)
    )
    # Python writes these names for numbers that are none.
    names = f"from math import inf, nan\n\nrecorded = {first}"
    return f"{names}\nrecorded_epochs = {second}"
