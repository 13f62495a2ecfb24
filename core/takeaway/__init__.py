"""What a person takes away of a run: a notebook, a report, settings, the model."""

from core.takeaway.notebook import Notebook, make_notebook, needs_file
from core.takeaway.report import make_report

__all__ = ["Notebook", "make_notebook", "make_report", "needs_file"]
