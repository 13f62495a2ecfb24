"""Downloads of a run: notebook and report, from `templates/`; sheets of the path.

The settings file is `core/settings_file.py`, the model `core/<task>/download.py`.
"""

from core.takeaway.notebook import Notebook, make_notebook, needs_file
from core.takeaway.report import make_report

__all__ = ["Notebook", "make_notebook", "make_report", "needs_file"]
