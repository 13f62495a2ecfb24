"""Answer sentences with an emoji: python -m core.emoji "I love you" "not hungry"."""

import argparse
import io
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from core.cli import (
    Parser,
    add_settings,
    add_take_away,
    exit_on_user_error,
    follow,
    given_settings,
    read_file,
    settings_in_file,
    write_file,
)
from core.emoji import Config, Result, train
from core.emoji.judging.metrics import all_metrics
from core.emoji.model.answering import Answer
from core.emoji.pretrained import load
from core.emoji.text.corpus import shipped
from core.emoji.text.rows import MAX_BYTES, Rows, read_csv
from core.emoji.vectors.own import read_vectors
from core.process import one_thread
from core.takeaway.notebook import write_notebook
from core.task import DataError, Point, Scalar, Training

PROGRAM = "core.emoji"
METRICS = ("accuracy", "macro_f1", "ece")
TRAINING_FILES = ("train_file", "test_file", "vectors_file", "settings", "notebook")


def main() -> None:
    """Read the arguments, train if asked to, and answer on standard output."""
    one_thread()
    parser = _parser()
    args = parser.parse_args()
    given = given_settings(args, Config)
    if not (args.texts or args.file or args.train):
        parser.error("expected a TEXT, a --file or --train, got none of them.")
    for name in [*given, *(name for name in TRAINING_FILES if getattr(args, name))]:
        if not args.train and name != "model":
            parser.error(f"expected --train with --{name.replace('_', '-')}, got none.")
    rows = exit_on_user_error(PROGRAM, lambda: _rows_to_answer(args))
    if args.train:
        points: list[Point] = []
        training = exit_on_user_error(PROGRAM, lambda: _training(args, given))
        result = exit_on_user_error(
            PROGRAM, lambda: follow(training, args.json, points)
        )
        assert isinstance(result, Result)
        if args.notebook:
            exit_on_user_error(
                PROGRAM, lambda: write_notebook(args.notebook, "emoji", result, points)
            )
        answers = result.answer((rows or result.data.test).texts)
        metrics = result.metrics("test")
        seconds, cpu_seconds = result.seconds, round(result.fit_cpu_seconds, 3)
    else:
        model = str(given.get("model", Config.model))
        result = exit_on_user_error(PROGRAM, lambda: load(model))
        start = time.perf_counter()
        answers = result.answer(rows.texts)
        seconds, cpu_seconds = time.perf_counter() - start, None
        metrics = {}
        if rows.labelled and len(judged := rows.of_classes):
            metrics = all_metrics(result.model.predict(judged.texts), judged.targets)
    figures = {
        **{name: metrics.get(name) for name in METRICS},
        "seconds": round(seconds, 3),
        "fit_cpu_seconds": cpu_seconds,
    }
    _print(answers, figures, args.json)


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
    add_take_away(parser)
    parser.add_argument(
        "--json", action="store_true", help="Print one JSON object and nothing else."
    )
    return parser


def _rows_to_answer(args: argparse.Namespace) -> Rows:
    """Return the sentences to answer, those of the command line first."""
    # What is not UTF-8 in an argument could not be printed again.
    texts = [text.encode("utf-8", "replace").decode() for text in args.texts]
    rows = Rows.of((text, None) for text in texts)
    return rows + _read(args.file, need_labels=False) if args.file else rows


def _read(file: str, need_labels: bool = True) -> Rows:
    content = read_file(file, MAX_BYTES)
    try:
        return read_csv(content, need_labels)
    except DataError as error:
        raise DataError(f"{file}: {error}") from error


def _training(args: argparse.Namespace, given: Mapping[str, Scalar]) -> Training:
    data = shipped()
    settings = {**settings_in_file(args, "emoji", Config), **given}
    if args.notebook:
        write_file("notebook", args.notebook, b"")
    if args.train_file:
        name = Path(args.train_file).stem
        data = data.replace_train(_read(args.train_file), name)
    if args.test_file:
        data = data.replace_test(_read(args.test_file))
    if args.vectors_file:
        content = read_file(args.vectors_file, MAX_BYTES)
        own = read_vectors(content, Path(args.vectors_file).stem)
        data = replace(data, own_vectors=own)
        settings.setdefault("vectors", "own")
    model = str(settings.get("model", Config.model))
    return train(Config.preset(model, **settings), data)


def _print(
    answers: Sequence[Answer], figures: Mapping[str, Scalar], as_json: bool
) -> None:
    if as_json:
        names = (
            *("text", "label", "emoji", "confidence", "sure", "tokens", "unknown"),
            *("none", "second"),
        )
        rows = [{name: getattr(answer, name) for name in names} for answer in answers]
        print(json.dumps({"answers": rows, **figures}, allow_nan=False))
        return
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # where it cannot show an emoji
    for answer in answers:
        print(_line(answer))
    for name, value in figures.items():
        if value is not None:
            print(f"{name:<15}  {value:.4g}")


def _line(answer: Answer) -> str:
    notes = list(answer.notices)
    if answer.is_none:
        notes.insert(0, "None of these.")
    if answer.mixed:
        notes.insert(0, f"Mixed: {answer.name} or {answer.second_name}.")
    if answer.name and not answer.sure:
        notes.insert(0, "Not sure.")
    if answer.unknown:
        notes.append(f"Unknown: {', '.join(answer.unknown)}.")
    text = " ".join(answer.text.split())[:100]
    emoji = f"{answer.emoji or '-'}  {answer.confidence:4.0%}" if answer.name else "-"
    return "  ".join([emoji, text, *notes])


if __name__ == "__main__":
    main()
