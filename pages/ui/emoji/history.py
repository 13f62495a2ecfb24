"""What was asked in this session, newest first, and the file of it."""

from typing import NamedTuple

import streamlit as st

from core.emoji.model.answering import Answer, answers_csv

MOST = 200


class Asked(NamedTuple):
    """An answer, and who gave it."""

    answer: Answer
    by: str


def note(answer: Answer, by: str) -> None:
    """Remember an answer; a sentence that is still being typed takes one line."""
    if answer.label is None:
        return
    asked = _asked()
    if asked and _same_typing(asked[-1], answer, by):
        asked.pop()
    asked.append(Asked(answer, by))
    del asked[:-MOST]


def texts() -> list[str]:
    """The sentences that were asked, each once, newest first."""
    return list(dict.fromkeys(item.answer.text for item in reversed(_asked())))


def history_view() -> None:
    """Draw the list and its export."""
    asked = _asked()[::-1]
    if not asked:
        st.caption("Nothing yet. The sentences that you type above are listed here.")
        return
    st.dataframe(
        {
            "Sentence": [item.answer.text for item in asked],
            "Answer": [f"{a.emoji} {a.name}" for a, _ in asked],
            "Confidence": [item.answer.confidence for item in asked],
            "Sure": [item.answer.sure for item in asked],
            "Answered by": [item.by for item in asked],
        },
        column_config={
            "Sentence": st.column_config.TextColumn(width="medium"),
            "Confidence": st.column_config.NumberColumn(format="%.2f"),
        },
        hide_index=True,
        height="auto" if len(asked) < 8 else 320,
        key="emoji_history",
        alt="The sentences that you typed and their answers, newest first",
    )
    with st.container(horizontal=True):
        st.download_button(
            "Download history (CSV)",
            lambda: answers_csv([item.answer for item in asked]),
            file_name="history.csv",
            mime="text/csv",
            key="emoji_history_download",
            icon=":material/download:",
            on_click="ignore",
        )
        st.button(
            "Clear",
            key="emoji_history_clear",
            icon=":material/delete:",
            type="tertiary",
            help="Removes the sentences of this session from the list.",
            on_click=_asked().clear,
        )


def _asked() -> list[Asked]:
    return st.session_state.setdefault("emoji_asked", [])


def _same_typing(last: Asked, answer: Answer, by: str) -> bool:
    """Whether the last sentence is this one with less or more of it typed."""
    before, now = last.answer.text.strip(), answer.text.strip()
    if before == now:
        return last.by == by
    return now.startswith(before) or before.startswith(now)
