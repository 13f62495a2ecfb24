"""The path as a sheet to print, made of the stations: shown, and to download."""

import streamlit as st

from core.takeaway.sheet import Exercise, make_sheet
from pages.ui.controls import choose
from pages.ui.download import download_button
from pages.ui.links import hint_for_this_machine, link_to
from pages.ui.path.stations import STATIONS, Station, number_of

VERSIONS = {"students": "For students", "teachers": "For teachers, with solutions"}


def choose_version() -> str:
    """Draw the choice between students' and teachers' sheet."""
    return choose(
        "Version",
        VERSIONS,
        "sheet_version",
        label_visibility="collapsed",
    )


def show_sheet(version: str) -> None:
    """Draw the button to download the sheet, and its words."""
    start = link_to("path", {})
    sheet = make_sheet(_exercises(), start, solutions=version == "teachers")
    download_button(
        "Download the sheet (HTML)",
        sheet,
        f"unrolled_path_{version}.html",
        "sheet_download",
        "text/html",
        type="primary",
        help="One file that opens without a network. Print it from the browser, on A4.",
    )
    hint_for_this_machine(start)
    for station in STATIONS:
        with st.container(border=True):
            _preview(station, version == "teachers")


def _preview(station: Station, solutions: bool) -> None:
    """Draw one station with the words of the sheet."""
    text, options, right, why = station.question
    st.subheader(f"{number_of(station)} {station.title}", anchor=False)
    st.markdown(f"*{station.minutes} minutes.* {station.goal}")
    st.markdown("\n".join(f"1. {step.text}" for step in station.steps))
    st.markdown(
        f"**Question.** {text}\n"
        + "".join(
            f"\n- **{option}** :material/check:"
            if solutions and place == right
            else f"\n- {option}"
            for place, option in enumerate(options)
        )
    )
    if solutions:
        st.markdown(f"**Why.** {why}")
        st.markdown(f"**What is seen.** {station.solution}")
        st.markdown(f"**The page checks:** {station.done}")


def _exercises() -> list[Exercise]:
    """The stations, with the addresses under which this browser sees them."""
    return [
        Exercise(
            title=station.title,
            minutes=station.minutes,
            link=link_to("path", {"station": station.key}),
            goal=station.goal,
            steps=[step.text for step in station.steps],
            question=station.question.text,
            options=station.question.options,
            right=station.question.right,
            why=station.question.why,
            check=station.done,
            solution=station.solution,
        )
        for station in STATIONS
    ]
