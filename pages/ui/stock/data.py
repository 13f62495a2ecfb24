"""The data of the price page: a bundled series, a file, or a ticker."""

import datetime
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import PurePath

import streamlit as st

from core.runs.store.repeats import data_of
from core.stock.csv import MAX_BYTES, Answers, Imported, Question, import_prices
from core.stock.data.frequency import FREQUENCIES
from core.stock.data.series import MAX_ROWS, PriceSeries
from core.stock.sources.samples import SAMPLES, load_sample
from core.stock.sources.ticker import fetch
from core.stock.sources.yahoo import PERIODS, SUGGESTIONS, Request, currency_name
from core.stock.wording import count, format_time
from core.table import MAX_COLUMNS, Choice
from core.task import UserError
from pages.ui.address import bind, persistent, restore, set_widget
from pages.ui.cache import session_cache
from pages.ui.controls import choose
from pages.ui.intents import button, intent
from pages.ui.session import owner, platform
from pages.ui.words import as_text, refusal

SOURCES = ("Sample", "Upload", "Ticker")
OF_RUN = "This run"  # the series of the current run
RUN_KEY = "stock_run_with_data"
FREQUENCY_NAMES = {
    name: frequency.ahead(1) if frequency.size > 1 else name.capitalize()
    for name, frequency in FREQUENCIES.items()
} | {"daily": "Daily, without weekends", "every-day": "Daily, with weekends"}
QUESTIONS = {  # field of Answers -> label
    "symbol": "Security",
    "column": "Price column",
    "values": "Kind of numbers",
    "dates": "Order of the date",
    "decimals": "Decimal mark",
    "frequency": "Frequency",
    "years": "Dates years away",
    "zeros": "Rows of zeros",
    "outliers": "Prices far off",
    "splits": "Splits",
}
HELP = {  # help for questions drawn as radio buttons, with a preview of each choice
    "values": "The network forecasts prices, which are computed from returns or "
    "logarithms.",
    "dates": "Applies to the whole column.",
    "decimals": "Applies to the whole column.",
    "frequency": "The network learns from each row, and would learn repeated rows as "
    "days without a change.",
    "years": "Rows are sorted by date, so the network would learn a price in the wrong "
    "place, and the forecast starts after the last date.",
    "zeros": "The network learns relative changes, which need prices above zero.",
    "outliers": "The network would learn the jump there and back as returns.",
    "splits": "Without an answer the network learns the jump as a return, and its "
    "forecast of the risk is not evaluated.",
}
MAX_IMPORTS = 8  # most imports of one file with different answers, in the session
DATES = "dates"  # the period between two dates
FIRST_DATE = datetime.date(1950, 1, 1)
MAX_TICKER = 100  # characters of a ticker in an address
LOOK_SECONDS = 0.1  # polling interval of a fetch

_fetchers = ThreadPoolExecutor(32, "fetch")


def prices(about):
    """Draw the choice of the data; return the series, or None before it.

    `about` is the place of what is said of a bundled series.
    """
    sources = (*SOURCES, OF_RUN) if RUN_KEY in st.session_state else SOURCES
    source = choose(
        "Source",
        sources,
        "stock_source",
        default=OF_RUN if OF_RUN in sources else "Sample",
        help="A bundled series, your own CSV file, any ticker of Yahoo Finance, or the "
        "data of the run on this page.",
    )
    if source == OF_RUN:
        return _of_run(st.session_state[RUN_KEY])
    if source == "Upload":
        return _upload()
    if source == "Ticker":
        series = _ticker()
        if series is None:  # the sample stays selected
            name = st.session_state.get("stock_sample", next(iter(SAMPLES)))
            st.caption(f"Until then, **{SAMPLES[name].title}** stays selected.")
            series = load_sample(name)
        return series
    titles = {name: sample.title for name, sample in SAMPLES.items()}
    name = st.selectbox(
        "Series",
        list(titles),
        format_func=titles.get,
        **persistent(bind("stock_sample", next(iter(titles)), titles)),
        help="The series to train on: six bundled ones of different kinds.",
    )
    about.caption(SAMPLES[name].character)
    return load_sample(name)


def waits_for_file() -> bool:
    """Whether the source is a file that has not been uploaded yet."""
    state = st.session_state
    return state["stock_source"] == "Upload" and "stock_uploaded" not in state


def forget_data(run) -> None:
    """Deselect the series of a run that is not the current one."""
    state = st.session_state
    if RUN_KEY in state and (run is None or state[RUN_KEY] != run.id):
        del state[RUN_KEY]
        if state.get("stock_source") == OF_RUN:
            del state["stock_source"]


def restore_data(run) -> None:
    """Select the series of a run, unless a file or a ticker is chosen.

    The run may have been started with that file or ticker.
    """
    if sample := sample_of(run):
        restore("stock", sample)
    elif st.session_state.get("stock_source", "Sample") not in ("Upload", "Ticker"):
        st.session_state[RUN_KEY] = run.id
        restore("stock", {"source": OF_RUN})


def _of_run(run_id: str):
    """The series that was stored with a run."""

    def read():
        content = data_of(platform().store, owner(), run_id)
        return PriceSeries.decode(content) if content else None

    series = session_cache("stock", "data of run", run_id, read)
    if series is None:
        st.caption("The data of this run were deleted. Choose other data to train on.")
        return None
    st.caption(
        f"**{as_text(series.name)}**: {len(series):,} rows, "
        f"{format_time(series.dates[0])} to {format_time(series.dates[-1])}."
    )
    return series


def sample_of(run) -> dict[str, str]:
    """The widget values of a run's bundled series; empty for other series."""
    for name, sample in SAMPLES.items():
        if run.title == sample.title and run.summary.get("rows") in (
            None,
            len(load_sample(name)),
        ):
            return {"source": "Sample", "sample": name}
    return {}


def _report(imported) -> None:
    """Draw length, span, last price, source and repairs of a series, and warnings."""
    series, report = imported.series, imported.report
    frequency = series.frequency
    kind = "" if frequency.daily else f"{frequency.adjective} "
    currency = f" {as_text(currency_name(series.currency))}" if series.currency else ""
    source = f" {as_text(series.source)}." if series.source else ""
    repairs = (
        f" {count(len(report.repairs), 'note')} in *How the file is read*, below."
        if report.repairs
        else ""
    )
    st.caption(
        f"**{as_text(series.name)}**: {len(series):,} {kind}rows, "
        f"{format_time(series.dates[0])} to {format_time(series.dates[-1])}, last "
        f"price {series.prices[-1]:,.5g}{currency}.{source}{repairs}"
    )
    for warning in report.warnings:
        st.warning(as_text(warning), icon=":material/warning:")


def notes_expander(notes, title, key=None) -> None:
    """Draw the notes on a series in an expander, if there are any."""
    if notes:
        label = f"{title} ({len(notes)})"
        with st.expander(label, icon=":material/build:", key=key):
            _notes(notes)


def _notes(notes) -> None:
    st.markdown("\n".join(f"- {as_text(note)}" for note in notes))


def _upload():
    """The series of the uploaded CSV, or None before a valid one."""
    uploaded = _uploaded()
    if uploaded is None:
        st.caption(
            "One row a day, week, month, hour or minute, with a date and a price."
        )
        return None
    answers = {}
    outcome = _ask_questions(uploaded, answers)
    if isinstance(outcome, Imported):
        place = st.container()  # the report, which the choices below change
        choices = st.expander(
            "How the file is read", icon=":material/build:", key="stock_repairs"
        )
    for offer in (_offer_alternatives, _offer_frequency):
        if isinstance(outcome, Imported):
            with choices:
                offer(outcome, answers)
            outcome = _ask_questions(uploaded, answers)
    if isinstance(outcome, Imported):
        outcome = _decide_splits(uploaded, outcome, answers)
    if isinstance(outcome, Imported):
        with place:
            _report(outcome)
        with choices:
            _notes(outcome.report.repairs)
        return outcome.series
    if not isinstance(outcome, Question):
        st.error(refusal("a file of prices", outcome), icon=":material/error:")
    return None


def _uploaded():
    """Draw the uploader; return the session's file with its imports, or None."""
    file = st.file_uploader(
        "CSV file",
        type=["csv", "txt", "tsv"],
        max_upload_size=MAX_BYTES // 10**6,
        key="stock_upload",
        help="Prices with dates, daily or of any other frequency, from Yahoo, Nasdaq, "
        "Investing.com, Binance, a bank or a spreadsheet. At most "
        f"{MAX_BYTES // 10**6} MB, {MAX_ROWS:,} rows and {MAX_COLUMNS} columns.",
    )
    uploaded = st.session_state.get("stock_uploaded")
    if file and (uploaded is None or uploaded["id"] != file.file_id):
        for kind in QUESTIONS:
            st.session_state.pop(f"stock_{kind}", None)
        uploaded = st.session_state["stock_uploaded"] = {
            "id": file.file_id,
            "name": PurePath(file.name).stem,
            "content": file.getvalue(),
            "imports": {},
        }
    return uploaded


def _ask_questions(uploaded, answers):
    """Import the file; draw its questions up to the first open one, add the answers."""
    while True:
        outcome = _import(uploaded, answers)
        if not isinstance(outcome, Question) or outcome.kind in answers:
            return outcome
        with st.container(border=True):
            st.markdown(f":material/help: {as_text(outcome.text)}")
            answer = _choose(outcome.kind, outcome.choices, index=None)
        if answer is None:
            return outcome
        answers[outcome.kind] = answer


def _import(uploaded, answers):
    """The import with some answers, or its error; cached."""
    key, imports = Answers(**answers), uploaded["imports"]
    if len(imports) > MAX_IMPORTS:
        imports.clear()
    if key not in imports:
        try:
            imports[key] = import_prices(uploaded["content"], uploaded["name"], key)
        except UserError as error:
            # Their frames refer to the contents of the file.
            error.__cause__ = error.__context__ = None
            imports[key] = error.with_traceback(None)
    return imports[key]


def _offer_alternatives(imported, answers) -> None:
    """Draw the choices that were made by the file, and add different answers."""
    report = imported.report
    offers = {"column": report.columns, "decimals": report.decimals}
    for kind, choices in offers.items():
        if kind in answers or len(choices) < 2:
            continue
        first = report.column if kind == "column" else choices[0].value
        values = [choice.value for choice in choices]
        answer = _choose(kind, choices, index=values.index(first))
        if answer != first:
            answers[kind] = answer


def _offer_frequency(imported, answers) -> None:
    """Draw the frequency of the file, and add a different one to the answers."""
    if "frequency" in answers:  # a question was answered
        return
    found = imported.series.frequency_name
    shown = (found, st.session_state.get("stock_frequency"))
    names = [
        name
        for name, frequency in FREQUENCIES.items()
        if name in shown or frequency.size == 1 or frequency.intraday
    ]
    chosen = st.selectbox(
        QUESTIONS["frequency"],
        names,
        index=names.index(found),
        format_func=lambda name: (
            f"{FREQUENCY_NAMES[name]}{' (found)' if name == found else ''}"
        ),
        **persistent("stock_frequency"),
        help="Spacing of the rows by their dates. With a longer one, the last price of "
        "each day, week or month is used.",
    )
    if chosen != found:
        answers["frequency"] = chosen


def _decide_splits(uploaded, imported, answers):
    """Draw the splits of the file with the choice, and import it with the answer."""
    splits = imported.report.splits
    if not splits:
        return imported
    changes = "; ".join(f"before {split.date} {split.adjustment}" for split in splits)
    choices = (
        Choice(value="adjust", preview=f"Prices {changes}."),
        Choice(value="keep", preview="The change is real; prices stay unchanged."),
    )
    with st.container(border=True):
        place = st.container()
        answer = _choose("splits", choices, index=None)
        with place:
            if answer is None:
                undecided = imported.report.undecided
                st.warning(as_text(undecided), icon=":material/warning:")
                return imported
            st.markdown("\n".join(f"- {as_text(str(split))}" for split in splits))
    return _import(uploaded, {**answers, "splits": answer})


def _choose(kind, choices, index):
    previews = {choice.value: choice.preview for choice in choices}
    common = {
        "label": QUESTIONS[kind],
        "options": list(previews),
        "index": index,
        **persistent(f"stock_{kind}"),
    }
    if kind in HELP:
        return st.radio(
            **common,
            format_func=lambda value: value.replace("-", " ").capitalize(),
            captions=[as_text(preview) for preview in previews.values()],
            help=HELP[kind],
        )
    return st.selectbox(
        **common,
        format_func=lambda value: f"{value}: {previews.get(value, '')}",
        placeholder="Choose one",
        help="The series of prices to train on.",
    )


def _ticker():
    """The series of a ticker, or None before it."""
    symbol = st.text_input(
        "Ticker",
        placeholder="AAPL, BTC-USD, ^GSPC",
        icon=":material/search:",
        **persistent(bind("stock_ticker", "", high=MAX_TICKER)),
        help="A stock, index, fund, currency or coin, in Yahoo's notation.",
    )
    st.pills(
        "Suggestions",
        list(SUGGESTIONS),
        format_func=SUGGESTIONS.get,
        label_visibility="collapsed",
        wrap=True,
        key="stock_suggestion",
        on_change=intent("stock_suggestion", _use_suggestion),
    )
    span = _span()
    adjusted = st.toggle(
        "Adjusted for dividends",
        **persistent(bind("stock_adjusted", True)),
        help="Otherwise a dividend appears as a fall of the price. Splits are always "
        "adjusted for.",
    )
    if not symbol.strip():
        st.caption(
            "Daily prices from Yahoo Finance: stocks, indices, currencies and crypto. "
            "Prices within the day are not supported."
        )
        return None
    try:
        request = Request(symbol=symbol, adjusted=adjusted, **span)
    except UserError as error:
        st.error(refusal("a ticker", error), icon=":material/error:")
        return None
    return _fetch(request)


def _use_suggestion() -> None:
    if suggestion := st.session_state.stock_suggestion:
        set_widget("stock_ticker", suggestion)
        st.session_state.stock_suggestion = None  # acts as a button


def _span() -> dict[str, object]:
    """Draw the period; return it as the arguments of a Request."""
    periods = {**PERIODS, DATES: "From one date to another"}
    period = st.selectbox(
        "Period",
        list(periods),
        format_func=periods.get,
        **persistent(bind("stock_period", Request.period, periods)),
        help="Length of the history for training and evaluation.",
    )
    return _start_and_end() if period == DATES else {"period": period}


def _start_and_end() -> dict[str, object]:
    today = datetime.date.today()
    ends = {
        "start": ("From", today.replace(year=today.year - 10, day=1)),
        "end": ("To, included", today),
    }
    with st.grid(2, min_column_width=120):
        return {
            name: st.date_input(
                label,
                min_value=FIRST_DATE,
                max_value=today,
                **persistent(bind(f"stock_{name}", day, low=FIRST_DATE, high=today)),
                help="The first day." if name == "start" else "The last day.",
            )
            for name, (label, day) in ends.items()
        }


def _fetch(request):
    """Fetch a series, once a day in a session; draw its report or the error.

    It is fetched in another thread, so that the page reacts to clicks meanwhile.
    """
    version = request, datetime.date.today()
    fetched = st.session_state.get("stock_fetched")
    if fetched is None or fetched[0] != version:
        answer = _fetchers.submit(fetch, request, platform().site.home)
        fetched = st.session_state["stock_fetched"] = version, answer
    answer = fetched[1]
    with st.spinner(f"Asking Yahoo for {request.symbol}"):
        while not answer.done():
            wait([answer], LOOK_SECONDS)
            st.session_state.get("stock_fetched")  # a click interrupts the script here
    outcome = answer.exception() or answer.result()
    if isinstance(outcome, Exception) and not isinstance(outcome, UserError):
        raise outcome
    if isinstance(outcome, Imported):
        _report(outcome)
        notes_expander(outcome.report.repairs, "About these prices", "stock_repairs")
    else:
        st.warning(as_text(str(outcome)), icon=":material/cloud_off:")
    if not isinstance(outcome, Imported) or outcome.report.stale:
        button(
            "Try again",
            "stock_retry",
            st.session_state.pop,
            "stock_fetched",
            None,
            icon=":material/refresh:",
            help="Repeats the request to Yahoo.",
        )
    return outcome.series if isinstance(outcome, Imported) else None
