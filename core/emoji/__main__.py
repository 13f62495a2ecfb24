"""Answer sentences with an emoji: python -m core.emoji "I love you" "not hungry"."""

import argparse
import io
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from core.cli import (
    Parser,
    add_training,
    follow,
    given_settings,
    parse_file,
    print_summary,
    read_file,
    run,
    training_settings,
)
from core.emoji import TASK, Config, Result
from core.emoji.flips import flips
from core.emoji.judging.selective import all_metrics
from core.emoji.labels import LABELS, Labels, name_of
from core.emoji.model.answering import Answer
from core.emoji.own_classes import read_own
from core.emoji.pretrained import load
from core.emoji.teaching import teach
from core.emoji.text.corpus import Sentences, shipped
from core.emoji.text.rows import Rows, read_csv
from core.emoji.text.table import MAX_BYTES
from core.emoji.vectors.own import read_vectors
from core.takeaway.command import train
from core.task import Scalar

PROGRAM = "core.emoji"
METRICS = ("accuracy", "macro_f1", "ece")
FLIPS = ("learned", "missed", "mended", "forgotten")
TRAINING_FILES = ("train_file", "test_file", "vectors_file", "settings", "notebook")


def main() -> None:
    """Read the arguments, train if asked to, and answer on standard output."""
    parser = _parser()
    run(parser, lambda args: _work(parser, args))


def _work(parser: Parser, args: argparse.Namespace) -> None:
    given = given_settings(args, Config)
    if not (args.texts or args.file or args.train or args.teach):
        parser.error("expected a TEXT, a --file, --train or --teach, got none of them.")
    if args.train and args.teach:
        parser.error("expected --train or --teach, got both. Leave one of them out.")
    for name in [*given, *(name for name in TRAINING_FILES if getattr(args, name))]:
        if not args.train and name != "model":
            parser.error(f"expected --train with --{name.replace('_', '-')}, got none.")
    data = _sentences(args)
    rows = _rows_to_answer(args, data.labels)
    if args.train:
        _train(args, data, rows)
        return
    result = load(str(given.get("model", Config.model)))
    if args.teach:
        _teach(args, result, rows)
        return
    start = time.perf_counter()
    answers = result.answer(rows.texts)
    seconds = time.perf_counter() - start
    metrics: Mapping[str, float] = {}
    english = [n for n, answer in enumerate(answers) if answer.english]
    if rows.labelled and english:  # other languages are refused, not answered wrongly
        shares = np.array([answers[n].shares for n in english])
        metrics = all_metrics(shares, rows.targets[english])
    _print_answers(args, result, answers, metrics, seconds)


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
        "--teach",
        metavar="CSV",
        help="Teach these to the shipped model in seconds: text and label.",
    )
    parser.add_argument(
        "--train-file",
        metavar="CSV",
        help="Learn from these: text and label, the five emojis and none of them, or "
        "your own classes.",
    )
    parser.add_argument(
        "--test-file", metavar="CSV", help="Judge by these: text and label."
    )
    parser.add_argument(
        "--vectors-file", metavar="TXT", help="Word vectors in GloVe's text form."
    )
    add_training(parser, Config)
    return parser


def _rows_to_answer(args: argparse.Namespace, labels: Labels) -> Rows:
    """Return the sentences to answer, those of the command line first."""
    # What is not UTF-8 in an argument could not be printed again.
    texts = [text.encode("utf-8", "replace").decode() for text in args.texts]
    rows = Rows.of((text, None) for text in texts)
    return rows + _read(args.file, labels, need_labels=False) if args.file else rows


def _read(file: str, labels: Labels, need_labels: bool = True) -> Rows:
    return parse_file(file, MAX_BYTES, lambda text: read_csv(text, need_labels, labels))


def _sentences(args: argparse.Namespace) -> Sentences:
    """Return the sentences to learn from and to judge by; they hold the classes."""
    data = shipped()
    if file := args.train_file:
        own = parse_file(file, MAX_BYTES, lambda text: read_own(text, Path(file).stem))
        five = own.labels == LABELS
        data = data.replace_train(own.train, own.name) if five else own
    if args.test_file:
        rows = _read(args.test_file, data.labels)
        data = data.replace_test(rows)
        if learned := len(rows) - len(data.test):
            print(f"{learned} learned sentences are not judged.", file=sys.stderr)
    return data


def _train(args: argparse.Namespace, data: Sentences, rows: Rows) -> None:
    """Train, and print the answers to the sentences, or to the test set."""
    settings = training_settings(args, TASK)
    if data.labels != LABELS:
        settings.setdefault("model", "small")  # made for a few sentences
    if args.vectors_file:
        content = read_file(args.vectors_file, MAX_BYTES)
        own = read_vectors(content, Path(args.vectors_file).stem)
        data = replace(data, own_vectors=own)
        settings.setdefault("vectors", "own")
    model = str(settings.get("model", Config.model))
    result, _ = train(TASK, Config.preset(model, **settings), data, args)
    answers = result.answer((rows or result.data.test).texts)
    cpu_seconds = round(result.fit_cpu_seconds, 3)
    metrics = result.metrics("test")
    _print_answers(args, result, answers, metrics, result.seconds, cpu_seconds)


def _teach(args: argparse.Namespace, before: Result, rows: Rows) -> None:
    """Teach the sentences of a file, print what that changed, and answer the others."""
    taught = _read(args.teach, before.labels)
    start = time.perf_counter()
    data = teach(before, taught)
    result = follow(TASK.train(before.config, data), args.json)
    seconds = time.perf_counter() - start
    found = flips(before, result)
    answers = result.answer(rows.texts)
    report: dict[str, object] = {}
    lines = []
    for name in FLIPS:
        flipped = getattr(found, name)
        report[name] = [flip._asdict() for flip in flipped]
        lines.append(f"{name:<15}  {len(flipped)}")
        for flip in flipped:
            names = [
                "-" if label is None else name_of(label, result.labels)
                for label in (flip.before, flip.after)
            ]
            lines.append(f"  {' -> '.join(names)}  {_short(flip.text)}")
    lines += [f"{'seconds':<15}  {seconds:.4g}", *map(_line, answers)]
    report |= {"taught": len(taught), "seconds": round(seconds, 3)}
    rest = {"answers": _answers(answers)} if answers else {}
    _print(report | rest, lines, args.json)


def _print_answers(
    args: argparse.Namespace,
    result: Result,
    answers: Sequence[Answer],
    metrics: Mapping[str, float],
    seconds: float,
    cpu_seconds: float | None = None,
) -> None:
    figures: dict[str, Scalar] = {
        **{name: metrics.get(name) for name in METRICS},
        "seconds": round(seconds, 3),
        "fit_cpu_seconds": cpu_seconds,
    }
    given = {name: value for name, value in figures.items() if value is not None}
    lines = [
        *(_line(answer, result.never_sure) for answer in answers),
        *(f"{name:<15}  {value:.4g}" for name, value in given.items()),
    ]
    labels = [label.name for label in result.labels]
    report: dict[str, object]
    report = {"answers": _answers(answers), **figures, "labels": labels}
    if found := result.cross_validation:
        report["cross_validation"] = asdict(found)
        lines.insert(0, found.in_words)
    _print(report, lines, args.json)


def _print(report: Mapping[str, object], lines: Sequence[str], as_json: bool) -> None:
    if as_json:
        print_summary(report, as_json=True)
        return
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that cannot show an emoji shows a question mark.
        sys.stdout.reconfigure(errors="replace")
    print("\n".join(lines))


def _answers(answers: Sequence[Answer]) -> list[dict[str, object]]:
    names = (
        *("text", "label", "emoji", "confidence", "sure", "tokens", "unknown"),
        *("none", "second", "english"),
    )
    return [{name: getattr(answer, name) for name in names} for answer in answers]


def _short(text: str) -> str:
    return " ".join(text.split())[:100]


def _line(answer: Answer, never_sure: str = "") -> str:
    answered = answer.name and answer.english
    notes = list(answer.notices)
    if answer.is_none and answer.english:
        notes.insert(0, "None of these.")
    if answer.mixed:
        notes.insert(0, f"Mixed: {answer.name} or {answer.second_name}.")
    if answered and not answer.sure:
        notes.insert(0, never_sure or "Not sure.")
    if answer.unknown:
        notes.append(f"Unknown: {', '.join(answer.unknown)}.")
    emoji = f"{answer.emoji or '-'}  {answer.confidence:4.0%}" if answered else "-"
    return "  ".join([emoji, _short(answer.text), *notes])


if __name__ == "__main__":
    main()
