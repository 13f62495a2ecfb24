"""Write what all later versions open: python -m tests.core.version_1_0.

`tests/data/1.0.zip` has an installation and a settings file. Its store has two runs of
each case: a finished one, and the same training interrupted after its first epoch, with
its checkpoint. Only version 1.0 writes it: written again by a later one, it proves
nothing.
"""

import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from sqlalchemy import update

from core.process import one_thread
from core.registry import get_task
from core.runs.classes import Classes, Goal
from core.runs.classes.polls import OwnQuestion, Polls
from core.runs.settings import Site
from core.runs.store import Checkpoints, RunWriter, Store
from core.runs.store.backup import backup
from core.runs.store.schema import classes
from core.runs.store.shares import Shares
from core.runs.worker import Execution
from core.settings_file import write_settings
from core.task import Point

ARCHIVE = Path(__file__).parents[1] / "data" / "1.0.zip"
TEACHER, OWNER = "tim", "ann"
PAGE_BYTES = 1024  # of SQLite: most tables have a few rows
NEVER = 4e9  # end of the class, seconds since 1970
ROWS = 160  # of the prices
CASES = {  # name -> task, and changes of its smallest settings
    "text": ("text", {}),
    "prices": ("stock", {"horizon": 1, "folds": 1}),
    "classic prices": (
        "stock",
        {"recipe": "classic", "horizon": 1, "folds": 1, "learning_rate": 1e-3},
    ),
    "adding": ("adding", {}),
    "emoji": ("emoji", {"units": 2, "embedding": "frozen"}),
    "music": ("music", {"model": "classic"}),  # the default one has a megabyte
}


def site_in(folder):
    """An installation in a folder."""
    return Site(home=folder, database_url=f"sqlite:///{folder / 'runs.sqlite'}")


def write(folder):
    """Write the installation and the settings file."""
    site = site_in(folder)
    store = Store(site.database_url, waiting=2 * len(CASES))
    checkpoints = Checkpoints(site.checkpoints, store.installation())
    for name, (task, changes) in CASES.items():
        config, data = get_task(task).tiny()
        config = replace(config, **changes)
        if task == "stock":
            few = {"dates": data.dates[:ROWS], "prices": data.prices[:ROWS]}
            data = replace(data, **few)
        writer = _claim(store, task, config, data, name)
        Execution(site, writer, checkpoints).train()
        if name == "text":
            Shares(store).create(OWNER, [writer.run.id])
            (folder / "settings.json").write_bytes(write_settings(task, config))
        _interrupt(_claim(store, task, config, data, name), config, data, checkpoints)
        if name == "text":
            backup(site, store, folder / "backup.sqlite")
    _hold_a_class(store)
    store.close()
    for file in folder.glob("*.sqlite"):
        _pack(file)


def _claim(store, task, config, data, name):
    content = get_task(task).encode_data(data)
    run_id = store.create(OWNER, task, config, title=name, data=content)
    return RunWriter.claim(store, run_id)


def _interrupt(writer, config, data, checkpoints):
    """Train to the second epoch, or into it, as a worker that is killed there."""
    training = get_task(writer.run.task).train(config, data)
    first = next(each for each in training if each.metrics)
    state = first.state()
    if (later := next(training)).epoch == first.epoch:
        state = later.state()
    checkpoints.save(writer.run.id, state, first.epoch, start=1)
    points = [Point(epoch=first.epoch, metrics=dict(first.metrics))]
    writer.record(points, progress=1, total=config.epochs, seconds=1)
    training.close()


def _hold_a_class(store):
    reader, polls = Classes(store), Polls(store)
    code = reader.create(TEACHER, "Year 10")
    with store.engine.begin() as connection:
        connection.execute(update(classes).values(ends=NEVER))
    goal = Goal(measure="val_loss", most=9.0)
    link = "/lstm?lstm_step=Learning&lstm_task=text"
    reader.add_task(TEACHER, code, "Train an LSTM", link, goal)
    reader.join(OWNER, code, "Ann")
    question = OwnQuestion.of("Which gate forgets?", ["forget", "input"], right=0)
    polls.answer(OWNER, polls.ask_own(TEACHER, code, question), 0)
    number = OwnQuestion.of("How many weights?", [], number=208)
    poll = polls.ask_own(TEACHER, code, number)
    polls.guess(OWNER, poll, 200)
    polls.reveal(TEACHER, poll)


def _pack(file):
    """Make a database one file of small pages, without its journal."""
    with tempfile.TemporaryDirectory() as folder:
        packed = Path(folder) / "packed"
        with closing(sqlite3.connect(file)) as connection:
            connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
            connection.execute("VACUUM INTO ?", [str(packed)])
        for old in file.parent.glob(f"{file.name}*"):
            old.unlink()
        shutil.move(packed, file)


if __name__ == "__main__":
    one_thread()
    with tempfile.TemporaryDirectory() as new:
        write(Path(new))
        shutil.make_archive(str(ARCHIVE.with_suffix("")), "zip", new)
