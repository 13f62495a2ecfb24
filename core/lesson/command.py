"""The lessons in the terminal: python -m core.rnn, core.lstm, core.gru, core.mingru."""

import json
import sys
import time
from argparse import Namespace
from pathlib import Path

from core.cli import (
    Parser,
    add_settings,
    add_take_away,
    exit_on_user_error,
    follow,
    given_settings,
    print_summary,
    read_file,
    settings_in_file,
    write_file,
)
from core.lesson import adding, writing
from core.lesson.adding.problem import ALL_CELLS, baseline_error
from core.lesson.writing.corpus import MOST_BYTES, Corpus, own_names
from core.process import one_thread
from core.takeaway.notebook import write_notebook
from core.task import ConfigError, Point, Scalar, Training

SETTINGS = {"text": writing.Config, "adding": adding.Config}  # Config of each task


def main(cell: str) -> None:
    """Read the arguments, train a network of a cell, and print the result."""
    one_thread()
    program = f"core.{cell}"
    parser = Parser(prog=program, add_help=False)
    parser.add_argument("--task", choices=tuple(SETTINGS), default="text")
    task = parser.parse_known_args()[0].task
    args = _parser(program, task).parse_args()

    training = exit_on_user_error(program, lambda: _start(cell, task, args))
    began = time.perf_counter()
    points: list[Point] = []
    result = exit_on_user_error(program, lambda: follow(training, args.json, points))
    assert isinstance(result, writing.Result | adding.Result)
    if args.notebook:
        exit_on_user_error(
            program, lambda: write_notebook(args.notebook, task, result, points)
        )
    figures = _figures(cell, result, time.perf_counter() - began)
    samples = result.samples() if isinstance(result, writing.Result) else []
    if args.json:
        answer = figures | ({"samples": samples} if samples else {})
        sys.stdout.write(json.dumps(answer, allow_nan=False) + "\n")
    else:
        print_summary(figures, as_json=False)
        if samples:
            sys.stdout.write("\n" + "\n".join(samples) + "\n")
    if result.ended:
        sys.exit(f"{program}: the training {result.ended}.")


def _start(
    cell: str, task: str, args: Namespace
) -> Training[writing.Result] | Training[adding.Result]:
    """Start the training that the arguments ask for."""
    kind = SETTINGS[task]
    given = settings_in_file(args, task, kind) | given_settings(args, kind)
    if args.notebook:
        write_file("notebook", args.notebook, b"")
    if task == "adding":
        if cell not in adding.Config().networks:
            given.setdefault("cells", ALL_CELLS)
        config = adding.Config.from_dict(given)
        if cell not in config.networks:
            raise ConfigError(
                f"cells: expected {cell} among them, got {config.cells}. "
                f"Use {ALL_CELLS}, or python -m core.{config.networks[-1]}."
            )
        return adding.TASK.train(config)
    if given.setdefault("cell", cell) != cell:
        raise ConfigError(
            f"cell: expected {cell}, got {given['cell']}. "
            f"That one is python -m core.{given['cell']}."
        )
    corpus = own_names()
    if args.text:
        content = read_file(args.text, MOST_BYTES)
        corpus = Corpus.from_bytes(content, Path(args.text).stem)
    return writing.TASK.train(writing.Config.from_dict(given), corpus)


def _parser(program: str, task: str) -> Parser:
    parser = Parser(prog=program, description=f"Train on the task {task}.")
    parser.add_argument(
        "--task",
        choices=tuple(SETTINGS),
        default="text",
        help="Text: write like a text. Adding: networks on the adding problem.",
    )
    if task == "text":
        parser.add_argument(
            "--text",
            metavar="FILE",
            help="A text, or names one a line; without it, our own list of names.",
        )
    add_settings(parser, SETTINGS[task])
    add_take_away(parser)
    parser.add_argument(
        "--json", action="store_true", help="Print one JSON object and nothing else."
    )
    return parser


def _figures(
    cell: str, result: writing.Result | adding.Result, seconds: float
) -> dict[str, Scalar]:
    """Return the figures of the JSON object, by name, without the samples."""
    steps = result.epochs * result.config.steps
    figures: dict[str, Scalar] = {
        "epochs": result.epochs,
        "seconds": round(seconds, 3),
        "steps_per_second": round(steps / seconds, 1),
    }
    if isinstance(result, writing.Result):
        return figures | {
            "loss": result.loss,
            "val_loss": result.val_loss,
            "held_out_repeated": result.repeated,
        }
    return figures | {
        "loss": result.mse[cell],
        "mse": result.mse[cell],
        "mse_baseline": baseline_error(result.config),
        **{f"mse_{name}": mse for name, mse in result.mse.items()},
        **{f"parameters_{name}": n for name, n in result.parameters().items()},
    }
