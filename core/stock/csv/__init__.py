"""Reading CSV files of prices from any program.

`reader.import_prices` runs the steps: `table` (cells and header, from `core.table`),
`columns` (date, price, security), `rows` (numbers and dates, sorted, one a day),
`values` (prices from returns), `odd_rows` (dates years away, zeros, filled forward,
outliers) and `gaps` (warnings). An ambiguous file raises a `Question`; `Answers`
resolve it.
"""

from core.stock.csv.reader import Answers, Imported, Report, import_prices
from core.stock.csv.table import MAX_BYTES
from core.table import Question

__all__ = ["MAX_BYTES", "Answers", "Imported", "Question", "Report", "import_prices"]
