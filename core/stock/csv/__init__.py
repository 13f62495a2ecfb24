"""Reading CSV files of daily prices, whatever program wrote them.

`reader.import_prices` runs the steps: `table` (cells and header, from `core.table`),
`columns` (date, price, security), `rows` (numbers and dates, sorted, one a day),
`values` (prices from returns), `odd_rows` (filled forward, far off) and `gaps`
(warnings). A file that can be read in two ways raises a `Question`; `Answers` resolve
it.
"""

from core.stock.csv.answers import Answers
from core.stock.csv.reader import Imported, Report, import_prices
from core.stock.csv.table import MAX_BYTES
from core.table import Question

__all__ = ["MAX_BYTES", "Answers", "Imported", "Question", "Report", "import_prices"]
