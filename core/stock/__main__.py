"""Train a price forecast in the terminal: python -m core.stock --sample KO."""

import sys
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
from core.stock import Config, Result, train
from core.stock.csvfile import MAX_BYTES, read_csv
from core.stock.notes import SEED_FAULTS
from core.stock.samples import SAMPLES, load_sample
from core.stock.series import PriceSeries
from core.task import DataError, Training

PROGRAM = "core.stock"


def main() -> None:
    """Read the arguments, train, and answer on standard output."""
    parser = _parser()
    args = parser.parse_args()
    if args.file and args.sample:
        parser.error("expected a FILE or a --sample, got both.")
    given = given_settings(args, Config)

    def start() -> tuple[Config, Training]:
        config = Config.preset(str(given.get("recipe", Config.recipe)), **given)
        series = _read(args.file) if args.file else load_sample(args.sample or "SP500")
        return config, train(config, series)

    config, training = exit_on_user_error(PROGRAM, start)
    if config.recipe == "seed":
        faults = " ".join(title for title, _ in SEED_FAULTS)
        sys.stderr.write(f"The seed recipe is flawed. {faults}\n")
    result = exit_on_user_error(PROGRAM, lambda: follow(training))
    assert isinstance(result, Result)
    if args.out:
        exit_on_user_error(PROGRAM, lambda: _write(args.out, result))
    print_summary(result.summary(), args.json)


def _parser() -> Parser:
    parser = Parser(prog=PROGRAM, description=__doc__)
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help="A CSV with Date and Adj Close."
    )
    names = ", ".join(SAMPLES)
    parser.add_argument(
        "--sample",
        type=str.upper,
        metavar="NAME",
        help=f"A bundled series instead of a file: {names}; default SP500.",
    )
    add_settings(parser, Config)
    parser.add_argument(
        "--out", metavar="CSV", help="Write the forecasts to this file."
    )
    parser.add_argument(
        "--json", action="store_true", help="Print one JSON object and nothing else."
    )
    return parser


def _read(file: str) -> PriceSeries:
    return read_csv(read_file(file, MAX_BYTES), Path(file).stem)


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
