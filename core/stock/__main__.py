"""Train a price forecast in the terminal: python -m core.stock --sample KO."""

import argparse
import dataclasses
import datetime
from collections.abc import Collection
from pathlib import Path

from core.cli import (
    Parser,
    add_files,
    add_training,
    print_summary,
    read_file,
    run,
    say,
    training_settings,
    write_files,
)
from core.stock import TASK, Config, Result
from core.stock.csv import MAX_BYTES, Answers, Imported, Question, import_prices
from core.stock.csv.odd_rows import OUTLIERS, YEARS, ZEROS
from core.stock.csv.reader import SPLITS
from core.stock.csv.values import VALUES
from core.stock.data.defaults import suited
from core.stock.data.frequency import FREQUENCIES
from core.stock.recipes.faults import CLASSIC_FAULTS
from core.stock.sources.samples import SAMPLES, import_sample
from core.stock.sources.yahoo import PERIODS, Request
from core.table.dates import ANSWERS as DATES
from core.table.numbers import MARKS
from core.takeaway.command import train
from core.task import ConfigError

PROGRAM = "core.stock"
# Of the network at each horizon, in the printed table; --json has all models.
TABLE_COLUMNS = ("rel_rmse", "rel_mae", "nll", "crps", "coverage_80", "coverage_95")
FILES = {
    "out": "Write the forecasts of the test part to this file, of all horizons and all "
    "models.",
    "forecast": "Write the forecast of the rows after the last price to this file.",
    "table": "Write the forecasts of every model from every row to this file, one line "
    "a row, horizon and model.",
}
MAX_LISTED = 10  # choices of an option in the usage
READING: dict[str, tuple[Collection[str] | None, str]] = {  # choices and help
    "column": (None, "The column of the prices."),
    "symbol": (None, "The security, of several in one file."),
    "values": (
        VALUES,
        "The kind of the numbers; returns and logarithms are turned into prices.",
    ),
    "dates": (
        DATES,
        "How to read 03/04/2024; or, of dates out of order, whether day and month are "
        "swapped in some.",
    ),
    "decimals": (MARKS, "How to read 1.234, if the file fits both."),
    "frequency": (
        FREQUENCIES,
        "Spacing of the rows, instead of that of the dates, such as 5-minute, hourly, "
        "daily, every-day, 13-day, weekly or monthly; the last price of each step is "
        "kept.",
    ),
    "years": (YEARS, "What to do about dates years away from their neighbours."),
    "zeros": (ZEROS, "What to do about rows of zeros on closed days."),
    "outliers": (
        OUTLIERS,
        "What to do about single prices far from their neighbours.",
    ),
    "splits": (
        SPLITS,
        "What to do about splits that the prices are not adjusted for.",
    ),
}
YAHOO = {
    "ticker": ("SYMBOL", "As Yahoo writes it: AAPL, BTC-USD, ^GSPC."),
    "period": ("TIME", f"{', '.join(PERIODS)}; default 10y."),
    "start": ("DATE", "First day, as 2020-01-31."),
    "end": ("DATE", "Last day; default the latest."),
}
SOURCES = {"file": "a FILE", "sample": "a --sample", "ticker": "a --ticker"}
TICKER_OPTIONS = (*list(YAHOO)[1:], "unadjusted")


def main() -> None:
    """Read the arguments, train, and print the result."""
    run(_parser(), lambda args: _inspect(args) if args.inspect else _train(args))


def _train(args: argparse.Namespace) -> None:
    given = training_settings(args, TASK)
    recipe = Config.preset(str(given.get("recipe", Config.recipe)), **given).recipe
    for option in ("forecast", "table"):
        if getattr(args, option) and recipe == "classic":
            raise ConfigError(
                f"--{option}: expected the honest recipe, got the classic one, "
                "which forecasts one row ahead only. Leave it out, or train with "
                "--recipe honest."
            )
    imported = _load(args)
    usual = suited(recipe, imported.series).values
    config = Config.from_dict({**usual, **given, "recipe": recipe})
    TASK.check(config, imported.series)
    for note in imported.report.notes:
        open_question = note == imported.report.undecided
        say(f"{note} Answer with --splits." if open_question else note, args.json)
    if recipe == "classic":
        faults = " ".join(title for title, _ in CLASSIC_FAULTS)
        say(f"The classic recipe is flawed. {faults}", args.json)
    result, _ = train(TASK, config, imported.series, args)
    write_files(
        args,
        {
            "out": result.to_csv,
            "forecast": lambda: result.future.to_csv() if result.future else "",
            "table": lambda: _table(result),
        },
    )
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
    reading = parser.add_argument_group("how to read an ambiguous FILE")
    for name, (choices, what) in READING.items():
        metavar = None if choices and len(choices) <= MAX_LISTED else "NAME"
        reading.add_argument(f"--{name}", metavar=metavar, choices=choices, help=what)
    yahoo = parser.add_argument_group("prices from Yahoo, daily only")
    for name, (metavar, what) in YAHOO.items():
        yahoo.add_argument(f"--{name}", metavar=metavar, help=what)
    yahoo.add_argument(
        "--unadjusted",
        action="store_true",
        default=None,
        help="Leave dividends out of the prices; splits are always in.",
    )
    parser.add_argument(
        "--inspect",
        action="store_true",
        help="Print how the prices are read, and exit.",
    )
    add_files(parser, "CSV", FILES)
    add_training(parser, Config)
    return parser


def _load(args: argparse.Namespace) -> Imported:
    """Read the prices that the options name; by default the S&P 500."""
    _check_options(args)
    if args.ticker:
        return _fetch(args)
    if args.file:
        answers = Answers(**{name: getattr(args, name) for name in READING})
        content = read_file(args.file, MAX_BYTES)
        return import_prices(content, Path(args.file).stem, answers)
    return import_sample(args.sample or "SP500")


def _check_options(args: argparse.Namespace) -> None:
    given = [name for name in SOURCES if getattr(args, name) is not None]
    if len(given) > 1:
        named = " and ".join(SOURCES[name] for name in given)
        raise ConfigError(f"Expected one source of prices, got {named}. Leave one out.")
    for source, names in {"file": READING, "ticker": TICKER_OPTIONS}.items():
        for name in names:
            if getattr(args, name) is not None and source not in given:
                raise ConfigError(
                    f"--{name}: expected {SOURCES[source]} with it, got none. Leave "
                    "it out."
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
    summary, series = imported.summary(), imported.series
    if args.json:
        print_summary({**summary, "questions": []}, as_json=True)
        return
    del summary["repairs"]
    summary["splits"] = "; ".join(map(str, imported.report.splits)) or "none"
    facts = {"name": series.name, **summary, "currency": series.currency or "-"}
    lines = [f"{name:<12}{value}" for name, value in facts.items()]
    print("\n".join([*lines, *(f"- {each}" for each in imported.report.notes)]))


def _print_question(question: Question, as_json: bool) -> None:
    if as_json:
        choices = [dataclasses.asdict(choice) for choice in question.choices]
        asked = {"kind": question.kind, "text": question.text, "choices": choices}
        print_summary({"questions": [asked]}, as_json=True)
        return
    print(question.text)
    for choice in question.choices:
        print(f"--{question.kind} {choice.value}: {choice.preview}")


def _print_result(result: Result, as_json: bool) -> None:
    summary = result.summary()
    if not as_json:
        del summary["models"], summary["intervals"], summary["verdict"]
    print_summary(summary, as_json)
    if as_json:
        return
    frequency = result.series.frequency
    title = f"{frequency.step}s ahead"
    width = max(12, len(title) + 2)
    print(f"\n{title:<{width}}" + "".join(f"{name:>13}" for name in TABLE_COLUMNS))
    for forecast in result.by_horizon.values():
        values = (getattr(forecast.network, name) for name in TABLE_COLUMNS)
        cells = ("-" if value is None else f"{value:.4g}" for value in values)
        ahead = forecast.horizon * frequency.size
        print(f"{ahead:<{width}}" + "".join(f"{cell:>13}" for cell in cells))


def _table(result: Result) -> str:
    assert result.table is not None
    frame = result.table.frame
    frame.insert(0, "date", result.series.dates[frame["origin"]])
    return str(frame.to_csv(index=False))


if __name__ == "__main__":
    main()
