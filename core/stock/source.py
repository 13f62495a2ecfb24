"""Where the command line takes its prices from: a file, a sample, or a ticker."""

import argparse
import datetime
from pathlib import Path

from core.cli import read_file
from core.stock.importing import MAX_BYTES, Answers, Imported, import_prices
from core.stock.importing.decimals import MARKS
from core.stock.importing.two_readings import ORDERS
from core.stock.request import PERIODS, Request
from core.stock.samples import SAMPLES, import_sample
from core.task import ConfigError

ANSWERS = ("symbol", "column", "dates", "decimals")
SPAN = ("period", "start", "end", "unadjusted")


def add_source(parser: argparse.ArgumentParser) -> None:
    """Add the options that say where the prices are from and how to read them."""
    parser.add_argument(
        "file", nargs="?", metavar="FILE", help="A CSV of daily prices with dates."
    )
    parser.add_argument(
        "--sample",
        type=str.upper,
        metavar="NAME",
        help=f"A bundled series instead: {', '.join(SAMPLES)}; default SP500.",
    )
    _add_answers(parser.add_argument_group("how to read FILE, where it leaves doubt"))
    _add_ticker(parser.add_argument_group("prices from Yahoo, daily only"))


def _add_answers(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--column", metavar="NAME", help="The column of the prices.")
    group.add_argument(
        "--symbol", metavar="NAME", help="Which of several securities in one file."
    )
    group.add_argument("--dates", choices=ORDERS, help="How to read 03/04/2024.")
    group.add_argument("--decimals", choices=MARKS, help="How to read 1.234 or 1,234.")


def _add_ticker(group: argparse._ArgumentGroup) -> None:
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


def load(args: argparse.Namespace) -> Imported:
    """Read the prices that the options name, the S&P 500 if they name none.

    Raises
    ------
    UserError
        If the options do not go together, or the prices cannot be read.
    """
    _check_together(args)
    if args.ticker:
        return _fetch(args)
    if args.file:
        answers = Answers(**{name: getattr(args, name) for name in ANSWERS})
        content = read_file(args.file, MAX_BYTES)
        return import_prices(content, Path(args.file).stem, answers)
    return import_sample(args.sample or "SP500")


def _check_together(args: argparse.Namespace) -> None:
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
    for source, names in (("file", ANSWERS), ("ticker", SPAN)):
        for name in names:
            if getattr(args, name) is not None and getattr(args, source) is None:
                wanted = "a FILE" if source == "file" else "a --ticker"
                raise ConfigError(
                    f"--{name}: expected {wanted} with it, got none. Leave it out."
                )


def _fetch(args: argparse.Namespace) -> Imported:
    request = Request(
        symbol=args.ticker,
        period=args.period or Request.period,
        start=_date("start", args.start),
        end=_date("end", args.end),
        adjusted=not args.unadjusted,
    )
    # Imported here: nothing else in the terminal needs the store and the network.
    from core.runs.settings import Site
    from core.stock.ticker import fetch

    return fetch(request, Site.from_env().home)


def _date(name: str, text: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ConfigError(
            f"--{name}: expected a date such as 2020-01-31, got {text!r}."
        ) from error
