"""Logs: a line an event, which run it concerns, and never what a person wrote."""

import contextlib
import json
import logging
import os
import sys
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Literal

FACTS = ("run", "task", "attempt", "worker")
OURS = ("core", "pages")  # loggers that tell of ordinary events as well
NOTHING: MappingProxyType[str, str | int] = MappingProxyType({})
_known: ContextVar[MappingProxyType[str, str | int]] = ContextVar(
    "known", default=NOTHING
)

Form = Literal["json", "text"]


@contextlib.contextmanager
def log_context(**facts: str | int) -> Iterator[None]:
    """Have every line of this thread say what it is about: run, task and so on."""
    known = {name: value for name, value in facts.items() if value not in ("", None)}
    before = _known.set(MappingProxyType({**_known.get(), **known}))
    try:
        yield
    finally:
        _known.reset(before)


def set_up(form: Form | None = None) -> None:
    """Write all logs of this process to standard error. Calling it again is harmless.

    Libraries that brought a way of their own to write are brought to ours.

    Parameters
    ----------
    form
        One JSON object a line, or text; read from `UNROLLED_LOG` by default.
    """
    form = form or ("json" if os.environ.get("UNROLLED_LOG") == "json" else "text")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    handler.set_name("unrolled")
    for old in [h for h in logging.root.handlers if h.get_name() == "unrolled"]:
        logging.root.removeHandler(old)
    logging.root.addHandler(handler)
    for name in list(logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        if logger.handlers:
            logger.handlers.clear()
            logger.propagate = True
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    logging.captureWarnings(form == "json")


def dask_setup(_: object) -> None:
    """Write the logs of a scheduler, nanny or worker in our form. Called by Dask."""
    set_up()


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return json.dumps(_entry(record), default=str)


class TextLines(logging.Formatter):
    """One line of text, with the facts behind the message."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        entry = _entry(record)
        line = " ".join(str(entry.pop(name)) for name in ("time", "level", "logger"))
        message = " ".join(str(entry.pop("message")).split())
        facts = (f"{name}={_plain(value)}" for name, value in entry.items())
        return " ".join((f"{line}: {message}", *facts))


def _plain(value: object) -> str:
    return " < ".join(value) if isinstance(value, list) else str(value)


def _entry(record: logging.LogRecord) -> dict[str, object]:
    """Return what a line tells.

    Of an error it tells the kind and the place. Its message may quote the cell of
    a file or the sentence that could not be read, and these are not ours to keep.
    """
    entry: dict[str, object] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(
            timespec="milliseconds"
        ),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": record.getMessage(),
    }
    known = _known.get()
    entry |= {name: known[name] for name in FACTS if name in known}
    if record.exc_info and record.exc_info[1]:
        entry |= _error(record.exc_info[1])
    return entry


def _error(error: BaseException) -> dict[str, object]:
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return {"error": type(error).__name__, "where": where[::-1]}
