"""A dashboard that waits for headers for a second: `python -m tests.security.hurried`.

The time is the only difference from `python -m streamlit`.
"""

import runpy
from unittest import mock

if __name__ == "__main__":
    with mock.patch("pages.ui.web.uvicorn_internals.HEADER_SECONDS", 1.0):
        runpy.run_module("streamlit", run_name="__main__")
