"""A person's own file: kept for the session, asked about, and refused in a sentence."""

from pathlib import PurePath

import streamlit as st

from core.stock.importing import Answers, Imported, Question, import_prices
from core.task import UserError
from pages.ui.imported import tell
from pages.ui.words import as_text, refusal

ANSWERS = ("symbol", "column", "dates", "decimals")
LABELS = {
    "symbol": "Security",
    "column": "Price column",
    "dates": "Order of the date",
    "decimals": "Decimal mark",
}
MOST = 8  # readings of one file that a session remembers
FEW = ("dates", "decimals")  # shown as a list, with what each would give


def uploaded_prices():
    """The series of the uploaded CSV, or None while there is none that can be used."""
    file = st.file_uploader(
        "CSV file",
        type=["csv", "txt", "tsv"],
        max_upload_size=5,
        key="stock_upload",
        help="Daily prices with dates, from Yahoo, Nasdaq, Investing.com, Binance, a "
        "bank or a spreadsheet. At most 5 MB, 50,000 rows and 100 columns.",
    )
    if file:
        _keep(file)
    kept = st.session_state.get("stock_uploaded")
    if kept is None:
        st.caption(
            "One row a day, with a date and a price. At least 520 rows, by default."
        )
        return None
    outcome, answers = _settled(kept)
    if isinstance(outcome, Imported):
        outcome = _chosen(kept, outcome, answers)
    if isinstance(outcome, Imported):
        tell(outcome, "What we repaired")
        return outcome.series
    if not isinstance(outcome, Question):
        st.error(refusal("a file of prices", outcome), icon=":material/error:")
    return None


def _keep(file) -> None:
    """Remember a new file, and forget what was said about the one before."""
    kept = st.session_state.get("stock_uploaded")
    if kept and kept["id"] == file.file_id:
        return
    for kind in ANSWERS:
        st.session_state.pop(f"stock_{kind}", None)
    st.session_state["stock_uploaded"] = {
        "id": file.file_id,
        "name": PurePath(file.name).stem,
        "content": file.getvalue(),
        "outcomes": {},
    }


def _settled(kept):
    """What the file gives, with every question drawn up to the first open one."""
    answers = {}
    while True:
        outcome = _read(kept, answers)
        if not isinstance(outcome, Question) or outcome.kind in answers:
            return outcome, answers
        answer = _ask(outcome)
        if answer is None:
            return outcome, answers
        answers[outcome.kind] = answer


def _read(kept, answers):
    """The import with some answers, or the error that it ends with; read once."""
    key = Answers(**answers)
    if len(kept["outcomes"]) > MOST:
        kept["outcomes"].clear()
    if key not in kept["outcomes"]:
        try:
            outcome = import_prices(kept["content"], kept["name"], key)
        except UserError as error:
            outcome = error
        kept["outcomes"][key] = outcome
    return kept["outcomes"][key]


def _ask(question):
    """Draw a question; return the answer, or None while there is none."""
    with st.container(border=True):
        st.markdown(f":material/help: {as_text(question.text)}")
        return _choice(question.kind, question.choices, index=None)


def _chosen(kept, imported, answers):
    """Offer what the file settles, but a person may want otherwise."""
    report = imported.report
    offers = {"column": report.columns, "decimals": report.decimals}
    for kind, choices in offers.items():
        if kind in answers or len(choices) < 2:
            continue
        first = report.column if kind == "column" else choices[0].value
        values = [choice.value for choice in choices]
        answer = _choice(kind, choices, index=values.index(first))
        if answer != first:
            answers[kind] = answer
    return _read(kept, answers)


def _choice(kind, choices, index):
    previews = {choice.value: choice.preview for choice in choices}
    common = {
        "label": LABELS[kind],
        "options": list(previews),
        "index": index,
        "key": f"stock_{kind}",
        "persist_state": "session",
    }
    if kind in FEW:
        return st.radio(
            **common,
            format_func=lambda value: value.replace("-", " ").capitalize(),
            captions=[as_text(preview) for preview in previews.values()],
            help="Decides how the whole column is read.",
        )
    return st.selectbox(
        **common,
        format_func=lambda value: f"{value}: {previews.get(value, '')}",
        placeholder="Choose one",
        help="The series of prices to train on.",
    )
