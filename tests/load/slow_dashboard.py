"""A dashboard that can draw three live panels a second, not more."""

import sys
from unittest import mock

from streamlit.web.cli import main

from pages.ui.pace import Pace

FULL = Pace(each=0.3, between=0.1)

if __name__ == "__main__":
    with mock.patch("pages.ui.pace.Pace", return_value=FULL):
        sys.exit(main())
