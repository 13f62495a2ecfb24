"""Train a price forecast in the terminal: python -m core.stock --sample KO."""

import argparse
import dataclasses
import datetime
import json
from collections.abc import Sequence
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
    say,
    settings_in_file,
    write_file,
)
from core.process import one_thread
from core.stock import TASK, Config, Result
from core.stock.csv import MAX_BYTES, Answers, Imported, Question, import_prices
from core.stock.csv.odd_rows import OUTLIERS
from core.stock.csv.reader import SPLITS
from core.stock.csv.values import VALUES
from core.stock.data.defaults import suited
from core.stock.data.frequency import FREQUENCIES
from core.stock.recipes.faults import CLASSIC_FAULTS
from core.stock.sources.samples import SAMPLES, import_sample
from core.stock.sources.yahoo import PERIODS, Request
from core.table.dates import ANSWERS as DATES
from core.table.numbers import MARKS
from core.takeaway.notebook import write_notebook
from core.task import ConfigError, Point, Training

PROGRAM = "core.stock"
# Of the network at each horizon, in the printed table; --json has all models.
TABLE_COLUMNS = ("rel_rmse", "rel_mae", "nll", "crps", "coverage_80", "coverage_95")
FILE_OPTIONS = tuple(option.name for option in dataclasses.fields(Answers))
FILES = ("out", "forecast", "table", "notebook")
TICKER_OPTIONS = ("period", "start", "end", "unadjusted")


def main() -> None:
    """Read the arguments, train, and print the result."""
    one_thread()
    args = _parser().parse_args()
    if args.inspect:
        exit_on_user_error(PROGRAM, lambda: _inspect(args))
        return

    def start() -> tuple[Config, Imported, Training[Result]]:
        given = settings_in_file(args, "stock", Config) | given_settings(args, Config)
        recipe = Config.preset(str(given.get("recipe", Config.recipe)), **given).recipe
        for option in ("forecast", "table"):
            if getattr(args, option) and recipe == "classic":
                raise ConfigError(
                    f"--{option}: expected the honest recipe, got the classic one, "
                    "which forecasts one row ahead only. Leave it out, or train with "
                    "--recipe honest."
                )
        imported = _load(args)
        for option in FILES:  # checked before the training
            if place := getattr(args, option):
                write_file(option, place, b"")
        usual = suited(recipe, imported.series).values
        config = Config.from_dict({**usual, **given, "recipe": recipe})
        return config, imported, TASK.train(config, imported.series)

    config, imported, training = exit_on_user_error(PROGRAM, start)
    for note in imported.report.notes:
        open_question = note == imported.report.undecided
        say(f"{note} Answer with --splits." if open_question else note, args.json)
    if config.recipe == "classic":
        faults = " ".join(title for title, _ in CLASSIC_FAULTS)
        say(f"The classic recipe is flawed. {faults}", args.json)
    points: list[Point] = []
    result = exit_on_user_error(PROGRAM, lambda: follow(training, args.json, points))
    exit_on_user_error(PROGRAM, lambda: _write(args, result, points))
    _print_result(result, args.json)


def _parser() -> Parser:
    parser = Parser(prog=PROGRAM, description=__doc__)
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help="A CSV of prices with dates."
    )
    parser.add_argument(
        "--sample",
        type=str.upper,
        metavar="NAME",
        help=f"A bundled series instead: {', '.join(SAMPLES)}; default SP500.",
    )
    _add_reading(parser)
    _add_yahoo(parser)
    parser.add_argument(
        "--inspect",
        action="store_true",
        help="Print how the prices are read, and exit.",
    )
    add_settings(parser, Config)
    _add_files(parser)
    add_take_away(parser)
    parser.add_argument(
        "--json", action="store_true", help="Print one JSON object and nothing else."
    )
    return parser


def _add_reading(parser: Parser) -> None:
    """Add the answers to questions about a file."""
    group = parser.add_argument_group("how to read an ambiguous FILE")
    group.add_argument("--column", metavar="NAME", help="The column of the prices.")
    group.add_argument(
        "--symbol", metavar="NAME", help="The security, of several in one file."
    )
    group.add_argument(
        "--values",
        choices=VALUES,
        help="The kind of the numbers; returns and logarithms are turned into prices.",
    )
    group.add_argument(
        "--dates",
        choices=DATES,
        help="How to read 03/04/2024; or, of dates out of order, whether day and month "
        "are swapped in some.",
    )
    group.add_argument("--decimals", choices=MARKS, help="How to read 1.234.")
    group.add_argument(
        "--frequency",
        choices=FREQUENCIES,
        help="Spacing of the rows, instead of that of the dates; the last price of "
        "each step is kept.",
    )
    group.add_argument(
        "--outliers",
        choices=OUTLIERS,
        help="What to do about single prices far from their neighbours.",
    )
    group.add_argument(
        "--splits",
        choices=SPLITS,
        help="What to do about splits that the prices are not adjusted for.",
    )


def _add_yahoo(parser: Parser) -> None:
    """Add the request for a ticker."""
    group = parser.add_argument_group("prices from Yahoo, daily only")
    group.add_argument(
        "--ticker", metavar="SYMBOL", help="As Yahoo writes it: AAPL, BTC-USD, ^GSPC."
    )
    group.add_argument(
        "--period", metavar="TIME", help=f"{', '.join(PERIODS)}; default 10y."
    )
    group.add_argument("--start", metavar="DATE", help="First day, as 2020-01-31.")
    group.add_argument("--end", metavar="DATE", help="Last day; default the latest.")
    group.add_argument(
        "--unadjusted",
        action="store_true",
        default=None,
        help="Leave dividends out of the prices; splits are always in.",
    )


def _add_files(parser: Parser) -> None:
    """Add the files to write."""
    parser.add_argument(
        "--out",
        metavar="CSV",
        help="Write the forecasts of the test part to this file, of all horizons and "
        "all models.",
    )
    parser.add_argument(
        "--forecast",
        metavar="CSV",
        help="Write the forecast of the rows after the last price to this file.",
    )
    parser.add_argument(
        "--table",
        metavar="CSV",
        help="Write the forecasts of every model from every row to this file, one line "
        "a row, horizon and model.",
    )


def _load(args: argparse.Namespace) -> Imported:
    """Read the prices that the options name; by default the S&P 500."""
    _check_options(args)
    if args.ticker:
        return _fetch(args)
    if args.file:
        answers = Answers(**{name: getattr(args, name) for name in FILE_OPTIONS})
        content = read_file(args.file, MAX_BYTES)
        return import_prices(content, Path(args.file).stem, answers)
    return import_sample(args.sample or "SP500")


def _check_options(args: argparse.Namespace) -> None:
    sources = {
        "a FILE": args.file,
        "a --sample": args.sample,
        "a --ticker": args.ticker,
    }
    given = [name for name, value in sources.items() if value is not None]
    if len(given) > 1:
        raise ConfigError(
            f"Expected one source of prices, got {' and '.join(given)}. Leave one out."
        )
    for source, names in (("a FILE", FILE_OPTIONS), ("a --ticker", TICKER_OPTIONS)):
        for name in names:
            if getattr(args, name) is not None and sources[source] is None:
                raise ConfigError(
                    f"--{name}: expected {source} with it, got none. Leave it out."
                )


def _fetch(args: argparse.Namespace) -> Imported:
    request = Request(
        symbol=args.ticker,
        period=args.period or Request.period,
        start=_date("start", args.start),
        end=_date("end", args.end),
        adjusted=not args.unadjusted,
    )
    # Imported here: only tickers need the store and the network.
    from core.runs.settings import Site
    from core.stock.sources.ticker import fetch

    return fetch(request, Site.from_env().home)


def _date(name: str, text: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ConfigError(
            f"--{name}: expected a date such as 2020-01-31, got {text!r}."
        ) from error


def _inspect(args: argparse.Namespace) -> None:
    """Print how the prices are read, or the open question."""
    try:
        imported = _load(args)
    except Question as question:
        _print_question(question, args.json)
        raise
    summary = imported.summary()
    if args.json:
        print(json.dumps({**summary, "questions": []}, allow_nan=False))
        return
    repairs, splits = summary.pop("repairs"), imported.report.splits
    assert isinstance(repairs, list)
    summary["splits"] = "; ".join(map(str, splits)) or "none"
    series = imported.series
    facts = {"name": series.name, **summary, "currency": series.currency or "-"}
    for name, value in facts.items():
        print(f"{name:<12}{value}")
    for repair in repairs:
        print(f"- {repair}")


def _print_question(question: Question, as_json: bool) -> None:
    choices = [dataclasses.asdict(choice) for choice in question.choices]
    if as_json:
        asked = {"kind": question.kind, "text": question.text, "choices": choices}
        print(json.dumps({"questions": [asked]}))
        return
    print(question.text)
    for choice in choices:
        print(f"--{question.kind} {choice['value']}: {choice['preview']}")


def _print_result(result: Result, as_json: bool) -> None:
    summary = result.summary()
    if as_json:
        print_summary(summary, as_json=True)
        return
    del summary["models"], summary["intervals"], summary["verdict"]
    print_summary(summary, as_json=False)
    frequency = result.series.frequency
    title = f"{frequency.step}s ahead"
    width = max(12, len(title) + 2)
    print(f"\n{title:<{width}}" + "".join(f"{name:>13}" for name in TABLE_COLUMNS))
    for forecast in result.by_horizon.values():
        values = (getattr(forecast.network, name) for name in TABLE_COLUMNS)
        cells = ("-" if value is None else f"{value:.4g}" for value in values)
        ahead = forecast.horizon * frequency.size
        print(f"{ahead:<{width}}" + "".join(f"{cell:>13}" for cell in cells))


def _write(args: argparse.Namespace, result: Result, points: Sequence[Point]) -> None:
    if args.out:
        write_file("out", args.out, result.to_csv().encode())
    if args.forecast:
        assert result.future is not None
        write_file("forecast", args.forecast, result.future.to_csv().encode())
    if args.table:
        assert result.table is not None
        frame = result.table.frame
        frame.insert(0, "date", result.series.dates[frame["origin"]])
        write_file("table", args.table, frame.to_csv(index=False).encode())
    if args.notebook:
        write_notebook(args.notebook, "stock", result, points)


if __name__ == "__main__":
    main()
