"""Reading files of daily prices as they are found in the wild.

A file goes through these modules in turn: `text` (what is it?), `table` (cells and a
header), `columns` (date, price, security), `decimals` and `numbers`, `dates`, `clean`
(in order, each day once), `survey` (what is odd). Where a file can be read in two ways,
a `Question` is raised; an `Answers` settles it.
"""

from core.stock.importing.question import Answers, Choice, Question
from core.stock.importing.reader import Imported, Report, import_prices
from core.stock.importing.text import MAX_BYTES

__all__ = [
    "MAX_BYTES",
    "Answers",
    "Choice",
    "Imported",
    "Question",
    "Report",
    "import_prices",
]
