"""Answer sentences with an emoji: python -m core.emoji "I love you" "not hungry"."""

import argparse
import io
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from core.cli import (
    Parser,
    add_settings,
    exit_on_user_error,
    follow,
    given_settings,
    read_file,
)
from core.emoji import Config, Result, train
from core.emoji.judging.metrics import figures
from core.emoji.model.answering import Answer
from core.emoji.pretrained import load
from core.emoji.text.corpus import Sentences, shipped
from core.emoji.text.csvfile import MAX_BYTES, read_csv
from core.emoji.text.rows import Rows
from core.emoji.vectors.own import read_vectors
from core.process import one_thread
from core.task import DataError, Scalar, Training

PROGRAM = "core.emoji"
FIGURES = ("accuracy", "macro_f1", "ece")
TRAINS = ("train_file", "test_file", "vectors_file")


@dataclass(frozen=True)
class Report:
    """What is printed."""

    answers: Sequence[Answer]
    figures: Mapping[str, Scalar]


def main() -> None:
    """Read the arguments, train if asked to, and answer on standard output."""
    one_thread()
    parser = _parser()
    args = parser.parse_args()
    given = given_settings(args, Config)
    if not (args.texts or args.file or args.train):
        parser.error("expected a TEXT, a --file or --train, got none of them.")
    for name in [*given, *(name for name in TRAINS if getattr(args, name))]:
        if not args.train and name != "model":
            parser.error(f"expected --train with --{name.replace('_', '-')}, got none.")
    asked = exit_on_user_error(PROGRAM, lambda: _asked(args))
    model = str(given.get("model", Config.model))
    if args.train:
        training = exit_on_user_error(PROGRAM, lambda: _training(args, model, given))
        result = exit_on_user_error(PROGRAM, lambda: follow(training))
        assert isinstance(result, Result)
        report = _judged(result, asked or result.data.test)
    else:
        result = exit_on_user_error(PROGRAM, lambda: load(model))
        report = _answered(result, asked)
    _print(report, args.json)


def _parser() -> Parser:
    parser = Parser(prog=PROGRAM, description=__doc__)
    parser.add_argument("texts", nargs="*", metavar="TEXT", help="Sentences to answer.")
    parser.add_argument(
        "--file", metavar="CSV", help="Sentences to answer: text, and label if known."
    )
    parser.add_argument(
        "--train", action="store_true", help="Train a model instead of the shipped one."
    )
    parser.add_argument(
        "--train-file", metavar="CSV", help="Learn from these: text and label."
    )
    parser.add_argument(
        "--test-file", metavar="CSV", help="Judge by these: text and label."
    )
    parser.add_argument(
        "--vectors-file", metavar="TXT", help="Word vectors in GloVe's text form."
    )
    add_settings(parser, Config)
    parser.add_argument(
        "--json", action="store_true", help="Print one JSON object and nothing else."
    )
    return parser


def _asked(args: argparse.Namespace) -> Rows:
    """Return the sentences to answer, those of the command line first."""
    # What is not UTF-8 in an argument could not be printed again.
    texts = tuple(text.encode("utf-8", "replace").decode() for text in args.texts)
    rows = Rows(texts=texts, labels=(None,) * len(texts), phenomena=("",) * len(texts))
    return rows + _read(args.file, need_labels=False) if args.file else rows


def _read(file: str, need_labels: bool = True) -> Rows:
    content = read_file(file, MAX_BYTES)
    try:
        return read_csv(content, need_labels)
    except DataError as error:
        raise DataError(f"{file}: {error}") from error


def _training(
    args: argparse.Namespace, model: str, given: Mapping[str, Scalar]
) -> Training:
    data: Sentences = shipped()
    if args.train_file:
        name = Path(args.train_file).stem
        data = replace(data, name=name, train=_read(args.train_file))
    if args.test_file:
        data = replace(data, test=_read(args.test_file))
    settings = dict(given)
    if args.vectors_file:
        content = read_file(args.vectors_file, MAX_BYTES)
        own = read_vectors(content, Path(args.vectors_file).stem)
        data = replace(data, own_vectors=own)
        settings.setdefault("vectors", "own")
    return train(Config.preset(model, **settings), data)


def _judged(result: Result, asked: Rows) -> Report:
    """Answer with a model that was just trained; its figures are those of the test."""
    test = result.metrics("test")
    return Report(
        result.answer(asked.texts),
        {
            **{name: test.get(name) for name in FIGURES},
            "seconds": round(result.seconds, 3),
            "fit_cpu_seconds": round(result.fit_cpu_seconds, 3),
        },
    )


def _answered(result: Result, asked: Rows) -> Report:
    """Answer with a model that ships; figures only where all labels are known."""
    start = time.perf_counter()
    answers = result.answer(asked.texts)
    seconds = time.perf_counter() - start
    found: Mapping[str, float] = {}
    if asked.labelled:
        found = figures(result.model.judge(asked.texts), asked.targets)
    return Report(
        answers,
        {
            **{name: found.get(name) for name in FIGURES},
            "seconds": round(seconds, 3),
            "fit_cpu_seconds": None,
        },
    )


def _print(report: Report, as_json: bool) -> None:
    if as_json:
        answers = [_fields(answer) for answer in report.answers]
        print(json.dumps({"answers": answers, **report.figures}, allow_nan=False))
        return
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # where it cannot show an emoji
    for answer in report.answers:
        print(_line(answer))
    for name, value in report.figures.items():
        if value is not None:
            print(f"{name:<15}  {value:.4g}")


def _fields(answer: Answer) -> dict[str, object]:
    return {
        "text": answer.text,
        "label": answer.label,
        "emoji": answer.emoji,
        "confidence": answer.confidence,
        "sure": answer.sure,
        "tokens": answer.tokens,
        "unknown": answer.unknown,
    }


def _line(answer: Answer) -> str:
    notes = list(answer.notices)
    if answer.label is not None and not answer.sure:
        notes.insert(0, "Not sure.")
    if answer.unknown:
        notes.append(f"Unknown: {', '.join(answer.unknown)}.")
    shown = " ".join(answer.text.split())[:100]
    said = f"{answer.emoji}  {answer.confidence:4.0%}" if answer.emoji else "-"
    return "  ".join([said, shown, *notes])


if __name__ == "__main__":
    main()
