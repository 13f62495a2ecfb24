"""The terms that controls and charts use, for every page."""

from pathlib import Path

import streamlit as st

# In alphabetical order. A control's label, in lower case, is looked up among the terms.
GLOSSARY = Path(__file__).with_suffix(".md").read_text("utf-8")


def glossary() -> None:
    """Draw the terms, folded away."""
    with st.expander("Glossary", icon=":material/dictionary:"):
        st.markdown(GLOSSARY)
