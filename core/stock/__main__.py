"""Train a price forecast in the terminal: python -m core.stock --sample KO."""

import json
import sys
from pathlib import Path

from core.cli import (
    Parser,
    add_settings,
    exit_on_user_error,
    follow,
    given_settings,
    print_summary,
)
from core.stock import Config, Result, train
from core.stock.importing import Imported
from core.stock.notes import SEED_FAULTS
from core.stock.source import add_source, load
from core.task import DataError, Training

PROGRAM = "core.stock"
# Of each horizon, for a person to read; --json has them all.
IN_WORDS = ("rel_rmse", "rel_mae", "nll", "coverage_80", "coverage_95", "dm_p")


def main() -> None:
    """Read the arguments, train, and answer on standard output."""
    args = _parser().parse_args()
    given = given_settings(args, Config)
    if args.inspect:
        _inspect(exit_on_user_error(PROGRAM, lambda: load(args)), args.json)
        return

    def start() -> tuple[Config, Imported, Training]:
        config = Config.preset(str(given.get("recipe", Config.recipe)), **given)
        imported = load(args)
        return config, imported, train(config, imported.series)

    config, imported, training = exit_on_user_error(PROGRAM, start)
    for note in imported.report.notes:
        sys.stderr.write(f"{note}\n")
    if config.recipe == "seed":
        faults = " ".join(title for title, _ in SEED_FAULTS)
        sys.stderr.write(f"The seed recipe is flawed. {faults}\n")
    result = exit_on_user_error(PROGRAM, lambda: follow(training))
    assert isinstance(result, Result)
    if args.out:
        exit_on_user_error(PROGRAM, lambda: _write(args.out, result))
    _answer(result, args.json)


def _parser() -> Parser:
    parser = Parser(prog=PROGRAM, description=__doc__)
    add_source(parser)
    parser.add_argument(
        "--inspect", action="store_true", help="Say how the prices are read, and end."
    )
    add_settings(parser, Config)
    parser.add_argument(
        "--out", metavar="CSV", help="Write the forecasts to this file."
    )
    parser.add_argument(
        "--json", action="store_true", help="Print one JSON object and nothing else."
    )
    return parser


def _inspect(imported: Imported, as_json: bool) -> None:
    summary = imported.summary()
    if as_json:
        print(json.dumps(summary, allow_nan=False))
        return
    repairs = summary.pop("repairs")
    assert isinstance(repairs, list)
    series = imported.series
    facts = {"name": series.name, **summary, "currency": series.currency or "-"}
    for name, value in facts.items():
        print(f"{name:<12}{value}")
    for repair in repairs:
        print(f"- {repair}")


def _answer(result: Result, as_json: bool) -> None:
    summary = result.summary()
    if as_json:
        print_summary(summary, as_json=True)
        return
    horizons = summary.pop("horizons")
    print_summary(summary, as_json=False)
    print(f"\n{'days ahead':<12}" + "".join(f"{name:>13}" for name in IN_WORDS))
    for each in horizons:
        values = (each[name] for name in IN_WORDS)
        cells = ("-" if value is None else f"{value:.4g}" for value in values)
        print(f"{each['horizon']:<12}" + "".join(f"{cell:>13}" for cell in cells))


def _write(file: str, result: Result) -> None:
    try:
        Path(file).write_text(result.to_csv(), encoding="utf-8")
    except OSError as error:
        raise DataError(
            f"--out {file}: expected a file that can be written, got: "
            f"{error.strerror}. Choose another place."
        ) from error


if __name__ == "__main__":
    main()
