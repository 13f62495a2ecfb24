"""The lessons in the terminal: python -m core.rnn, python -m core.lstm."""

import json
import sys
import time
from pathlib import Path

from core.cli import (
    Parser,
    add_settings,
    exit_on_user_error,
    follow,
    given_settings,
    print_summary,
    read_file,
)
from core.lesson import adding, text
from core.lesson.addition import baseline_error
from core.lesson.corpus import MOST_BYTES, Corpus, own_names
from core.process import one_thread
from core.task import ConfigError, Scalar, Training

TASKS = {"text": text.Config, "adding": adding.Config}
Answer = dict[str, Scalar | list[str]]


def main(cell: str) -> None:
    """Read the arguments, train, and answer on standard output.

    Parameters
    ----------
    cell
        "rnn" or "lstm".
    """
    one_thread()
    program = f"core.{cell}"
    parser = Parser(prog=program, add_help=False)
    parser.add_argument("--task", choices=tuple(TASKS), default="text")
    task = parser.parse_known_args()[0].task
    args = _parser(program, task).parse_args()
    given = given_settings(args, TASKS[task])

    def start() -> Training:
        if task == "adding":
            return adding.train(adding.Config.from_dict(given))
        if given.setdefault("cell", cell) != cell:
            raise ConfigError(
                f"cell: expected {cell}, got {given['cell']}. "
                f"That one is python -m core.{given['cell']}."
            )
        corpus = _read(args.text) if args.text else own_names()
        return text.train(text.Config.from_dict(given), corpus)

    training = exit_on_user_error(program, start)
    began = time.perf_counter()
    result = exit_on_user_error(program, lambda: follow(training))
    assert isinstance(result, text.Result | adding.Result)
    _print(_answer(cell, result, time.perf_counter() - began), args.json)
    if result.ended:
        sys.exit(f"{program}: the training {result.ended}.")


def _parser(program: str, task: str) -> Parser:
    parser = Parser(prog=program, description=f"Train on the task {task}.")
    parser.add_argument(
        "--task",
        choices=tuple(TASKS),
        default="text",
        help="Text: write like a text. Adding: RNN and LSTM on the adding problem.",
    )
    if task == "text":
        parser.add_argument(
            "--text",
            metavar="FILE",
            help="A text, or names one a line; without it, our own list of names.",
        )
    add_settings(parser, TASKS[task])
    parser.add_argument(
        "--json", action="store_true", help="Print one JSON object and nothing else."
    )
    return parser


def _read(file: str) -> Corpus:
    return Corpus.from_bytes(read_file(file, MOST_BYTES), Path(file).stem)


def _answer(cell: str, result: text.Result | adding.Result, seconds: float) -> Answer:
    """Return what the command line promises, by name."""
    steps = result.epochs * result.config.steps
    answer: Answer = {
        "epochs": result.epochs,
        "seconds": round(seconds, 3),
        "steps_per_second": round(steps / seconds, 1),
    }
    if isinstance(result, text.Result):
        return answer | {
            "loss": result.loss,
            "val_loss": result.val_loss,
            "held_out_repeated": result.repeated,
            "samples": result.samples(),
        }
    return answer | {
        "loss": result.mse[cell],
        "mse": result.mse[cell],
        "mse_baseline": baseline_error(result.config),
        **{f"mse_{name}": mse for name, mse in result.mse.items()},
    }


def _print(answer: Answer, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(answer, allow_nan=False) + "\n")
        return
    figures = {key: v for key, v in answer.items() if not isinstance(v, list)}
    print_summary(figures, as_json=False)
    for value in answer.values():
        if isinstance(value, list):
            sys.stdout.write("\n" + "\n".join(value) + "\n")
