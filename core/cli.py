"""Common parts of all command lines: options, progress bar, errors, JSON."""

import argparse
import contextlib
import dataclasses
import json
import signal
import sys
import time
import typing
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import NoReturn, TypeVar

from core.files import check_writable, replace_file
from core.process import one_thread
from core.settings_file import MAX_BYTES as MAX_SETTINGS_BYTES
from core.settings_file import read_settings
from core.task import (
    Bounds,
    C,
    D,
    DataError,
    Point,
    Progress,
    R,
    Scalar,
    Settings,
    Task,
    Training,
    UserError,
    bounds_of,
)

USAGE_ERROR = 2
WIDTH = 79  # of a line, to overwrite a longer one
BAR = 30  # characters of the progress bar
Answer = TypeVar("Answer")


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        """End with status 2."""
        self.exit(USAGE_ERROR, f"{self.prog}: {message} See --help.\n")


def add_settings(
    parser: argparse._ActionsContainer,
    kind: type[Settings],
    without: Collection[str] = (),
) -> None:
    """Add one option for each field of a Config, with its help and bounds."""
    kinds = typing.get_type_hints(kind)
    for item in dataclasses.fields(kind):
        if item.name in without:
            continue
        bounds = bounds_of(item)
        parser.add_argument(
            f"--{item.name.replace('_', '-')}",
            type=_one_of(bounds) if bounds.options else kinds[item.name],
            metavar="{" + "|".join(bounds.options) + "}"
            if bounds.options
            else item.name.upper(),
            help=f"{bounds.help} ({bounds.allowed}; default {item.default})".replace(
                "%", "%%"
            ),
        )


def _one_of(bounds: Bounds) -> Callable[[str], str]:
    """Return a parser of one of the options.

    argparse's `choices` lists options with commas, which some of them contain.
    """

    def read(text: str) -> str:
        if text not in bounds.options:
            raise argparse.ArgumentTypeError(
                f"invalid choice: {text!r}. Use {bounds.allowed}."
            )
        return text

    return read


def given_settings(args: argparse.Namespace, kind: type[Settings]) -> dict[str, Scalar]:
    """Return the settings that were given on the command line."""
    values = {item.name: getattr(args, item.name) for item in dataclasses.fields(kind)}
    return {name: value for name, value in values.items() if value is not None}


def add_training(parser: argparse.ArgumentParser, kind: type[Settings]) -> None:
    """Add what each training has: its settings, --settings, --notebook, --json."""
    add_settings(parser, kind)
    parser.add_argument(
        "--settings",
        metavar="FILE",
        help="A file of settings from a page or from core.runs --settings (JSON); "
        "further options override it.",
    )
    what = "Write a Jupyter notebook that repeats this training to this file."
    add_files(parser, "FILE", {"notebook": what})
    add_json(parser)


def add_files(
    parser: argparse._ActionsContainer, metavar: str, files: Mapping[str, str]
) -> None:
    """Add an option for each file to write, with its help.

    A file that can't be written is refused when the arguments are read.
    """
    for option, what in files.items():
        parser.add_argument(
            f"--{option}", type=_writable_file, metavar=metavar, help=what
        )


def _writable_file(file: str) -> str:
    try:
        check_writable(Path(file))
    except OSError as error:
        raise argparse.ArgumentTypeError(_not_writable(file, error)) from error
    return file


def _not_writable(file: str, error: OSError) -> str:
    return (
        f"{file}: expected a file that can be written, got: {error.strerror}. "
        "Choose another place."
    )


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add the option for one JSON object on standard output."""
    parser.add_argument(
        "--json", action="store_true", help="Print one JSON object and nothing else."
    )


def training_settings(
    args: argparse.Namespace, task: Task[C, D, R]
) -> dict[str, Scalar]:
    """Return the settings in the file of --settings, overridden by the options."""
    given = given_settings(args, task.Config)
    if not args.settings:
        return given
    content = read_file(args.settings, MAX_SETTINGS_BYTES)
    return read_settings(content, {task.name: task.Config})[1] | given


def run(parser: Parser, work: Callable[[argparse.Namespace], None]) -> None:
    """Read the arguments, and do the work; on bad input exit with status 2."""
    one_thread()
    args = parser.parse_args()
    exit_on_user_error(parser.prog, lambda: work(args))


def exit_on_user_error(program: str, work: Callable[[], Answer]) -> Answer:
    """Call `work`; on bad input print one line and exit with status 2."""
    try:
        return work()
    except UserError as error:
        print(f"{program}: {' '.join(str(error).split())}", file=sys.stderr)  # noqa: T201 - this is the terminal
        raise SystemExit(USAGE_ERROR) from error


def read_file(file: str, most: int) -> bytes:
    """Read a file that was named on the command line, one byte over `most` at most."""
    try:
        with Path(file).open("rb") as content:
            return content.read(most + 1)  # enough to recognise a larger file
    except OSError as error:
        raise DataError(
            f"{file}: expected a file that can be read, got: {error.strerror}. "
            "Check the name."
        ) from error


def parse_file(file: str, most: int, parse: Callable[[bytes], Answer]) -> Answer:
    """Read and parse a file of the command line; errors in its content name it."""
    content = read_file(file, most)
    try:
        return parse(content)
    except DataError as error:
        raise DataError(f"{file}: {error}") from error


def write_files(
    args: argparse.Namespace, files: Mapping[str, Callable[[], str | bytes]]
) -> None:
    """Write the files whose options were given, by option, each with its content."""
    for option, content in files.items():
        if file := getattr(args, option):
            made = content()
            write_file(option, file, made.encode() if isinstance(made, str) else made)


def write_file(option: str, file: str, content: bytes) -> None:
    """Write a file that an option of the command line names, whole or not at all."""
    try:
        with exit_on_sigterm():
            replace_file(Path(file), content)
    except OSError as error:
        raise DataError(f"--{option} {_not_writable(file, error)}") from error


@contextlib.contextmanager
def exit_on_sigterm() -> Iterator[None]:
    """Turn SIGTERM into a SystemExit, which removes temporary files on its way."""

    def end(number: int, frame: object) -> NoReturn:
        del frame
        raise SystemExit(128 + number)  # the status that a shell reports

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def say(text: str, as_json: bool) -> None:
    """Print a line on standard error; with --json in a terminal only."""
    if sys.stderr.isatty() or not as_json:
        sys.stderr.write(f"{text}\n")


def follow(
    training: Training[R], as_json: bool = False, points: list[Point] | None = None
) -> R:
    """Run a training to its end with a progress bar on standard error.

    Outside a terminal only the last line is printed, and with --json none. The metrics
    of each epoch are added to `points`.
    """
    in_terminal = sys.stderr.isatty()
    shown = 0.0
    metrics: Mapping[str, float] = {}
    bar = ""
    try:
        while True:
            progress = next(training)
            metrics = progress.metrics or metrics
            bar = _bar(progress, metrics)
            if points is not None and progress.metrics:
                points.append(Point(epoch=progress.epoch, metrics=dict(metrics)))
            if in_terminal and time.monotonic() - shown >= 0.1:
                shown = time.monotonic()
                sys.stderr.write(bar)
                sys.stderr.flush()
    except StopIteration as end:
        result: R = end.value
        return result
    finally:
        say(bar if in_terminal else bar.strip(), as_json)


def _bar(progress: Progress, metrics: Mapping[str, float]) -> str:
    """Return the progress bar, with the metrics of the last epoch."""
    done = min(1.0, (progress.epoch + progress.fraction) / progress.total)
    filled = round(done * BAR)
    bar = "#" * filled + "." * (BAR - filled)
    figures = "  ".join(f"{name} {value:.4g}" for name, value in metrics.items())
    text = f"[{bar}] epoch {progress.epoch}/{progress.total}  {figures}"
    return f"\r{text.ljust(WIDTH)}"


def print_summary(summary: Mapping[str, object], as_json: bool) -> None:
    """Print the figures: one JSON object on one line, or a line each."""
    if as_json:
        print(json.dumps(summary, allow_nan=False))  # noqa: T201
        return
    width = max(map(len, summary))
    for name, value in summary.items():
        text = f"{value:.4g}" if isinstance(value, float) else str(value)
        print(f"{name:<{width}}  {'-' if value is None else text}")  # noqa: T201
