"""The lessons in the terminal: python -m core.rnn, core.lstm, core.gru, core.mingru."""

import sys
from argparse import Namespace

from core.cli import (
    Parser,
    add_training,
    print_summary,
    run,
    training_settings,
)
from core.lesson import adding, writing
from core.lesson.adding.problem import ALL_CELLS, baseline_error
from core.lesson.writing.corpus import Corpus
from core.takeaway.command import train
from core.task import AnyTask, ConfigError, Scalar

TASKS: dict[str, AnyTask] = {"text": writing.TASK, "adding": adding.TASK}


def main(cell: str) -> None:
    """Read the arguments, train a network of a cell, and print the result."""
    program = f"core.{cell}"
    parser = Parser(prog=program, add_help=False)
    parser.add_argument("--task", choices=tuple(TASKS), default="text")
    task = parser.parse_known_args()[0].task
    run(_parser(program, task), lambda args: _train(cell, args))


def _train(cell: str, args: Namespace) -> None:
    given = training_settings(args, TASKS[args.task])
    samples: list[str] = []
    result: writing.Result | adding.Result
    if args.task == "adding":
        added, seconds = train(adding.TASK, _adding(cell, given), None, args)
        result = added
    else:
        config, text = _writing(cell, given, args.text)
        written, seconds = train(writing.TASK, config, text, args)
        result, samples = written, written.samples()
    more = {"samples": samples} if samples and args.json else {}
    print_summary({**_figures(cell, result, seconds), **more}, args.json)
    if samples and not args.json:
        sys.stdout.write("\n" + "\n".join(samples) + "\n")
    if result.ended:
        sys.exit(f"core.{cell}: the training {result.ended}.")


def _adding(cell: str, given: dict[str, Scalar]) -> adding.Config:
    if cell not in adding.Config().networks:
        given.setdefault("cells", ALL_CELLS)
    config = adding.Config.from_dict(given)
    if cell not in config.networks:
        raise ConfigError(
            f"cells: expected {cell} among them, got {config.cells}. "
            f"Use {ALL_CELLS}, or python -m core.{config.networks[-1]}."
        )
    return config


def _writing(
    cell: str, given: dict[str, Scalar], file: str | None
) -> tuple[writing.Config, Corpus]:
    if given.setdefault("cell", cell) != cell:
        raise ConfigError(
            f"cell: expected {cell}, got {given['cell']}. "
            f"That one is python -m core.{given['cell']}."
        )
    _, corpus = writing.TASK.from_file(file) if file else writing.TASK.example()
    return writing.Config.from_dict(given), corpus


def _parser(program: str, task: str) -> Parser:
    parser = Parser(prog=program, description=f"Train on the task {task}.")
    parser.add_argument(
        "--task",
        choices=tuple(TASKS),
        default="text",
        help="Text: write like a text. Adding: networks on the adding problem.",
    )
    if task == "text":
        parser.add_argument(
            "--text",
            metavar="FILE",
            help="A text, or names one a line; without it, our own list of names.",
        )
    add_training(parser, TASKS[task].Config)
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
