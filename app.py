"""Unrolled: watch recurrent networks learn. Start with `streamlit run app.py`."""

from pages.ui.frame import show

show()
