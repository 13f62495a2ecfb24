"""Logs: one line an event, with its run, and without people's texts."""

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

CONTEXT_FIELDS = ("run", "task", "attempt", "worker")
INFO_LOGGERS = ("core", "pages")  # others log warnings and errors
EMPTY: MappingProxyType[str, str | int] = MappingProxyType({})
_context: ContextVar[MappingProxyType[str, str | int]] = ContextVar(
    "context", default=EMPTY
)

Form = Literal["json", "text"]


@contextlib.contextmanager
def log_context(**fields: str | int) -> Iterator[None]:
    """Add fields to every line that this thread logs: run, task and so on."""
    known = {name: value for name, value in fields.items() if value not in ("", None)}
    token = _context.set(MappingProxyType({**_context.get(), **known}))
    try:
        yield
    finally:
        _context.reset(token)


def set_up(form: Form | None = None) -> None:
    """Write all logs of this process to standard error. Idempotent.

    One JSON object a line, or text; by default as `UNROLLED_LOG` says. The handlers of
    all other loggers are removed.
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
    for name in INFO_LOGGERS:
        logging.getLogger(name).setLevel(logging.INFO)
    logging.captureWarnings(form == "json")


def dask_setup(_: object) -> None:
    """Write the logs of a scheduler, nanny or worker in this form. Called by Dask."""
    set_up()


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return json.dumps(_entry(record), default=str)


class TextLines(logging.Formatter):
    """One line of text, with the fields after the message."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        entry = _entry(record)
        line = " ".join(str(entry.pop(name)) for name in ("time", "level", "logger"))
        message = " ".join(str(entry.pop("message")).split())
        fields = (f"{name}={_plain(value)}" for name, value in entry.items())
        return " ".join((f"{line}: {message}", *fields))


def _plain(value: object) -> str:
    return " < ".join(value) if isinstance(value, list) else str(value)


def _entry(record: logging.LogRecord) -> dict[str, object]:
    """Return the fields of a line.

    An error adds its type and traceback, without its message: that may quote a private
    text.
    """
    entry: dict[str, object] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(
            timespec="milliseconds"
        ),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": record.getMessage(),
    }
    known = _context.get()
    entry |= {name: known[name] for name in CONTEXT_FIELDS if name in known}
    if record.exc_info and record.exc_info[1]:
        entry |= _error(record.exc_info[1])
    return entry


def _error(error: BaseException) -> dict[str, object]:
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return {"error": type(error).__name__, "where": where[::-1]}
