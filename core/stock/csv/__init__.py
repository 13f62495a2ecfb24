"""Reading CSV files of daily prices, whatever program wrote them.

`reader.import_prices` runs the steps: `text` (encoding, limits, delimiter), `table`
(cells and header), `columns` (date, price, security), `numbers`, `dates`, `rows`
(sorted, one a day), `odd_rows` (weekends filled forward and the like) and `gaps`
(warnings). A file that can be read in two ways raises a
`Question`; `Answers` resolve it.
"""

from core.stock.csv.question import Answers, Question
from core.stock.csv.reader import Imported, Report, import_prices
from core.stock.csv.text import MAX_BYTES

__all__ = ["MAX_BYTES", "Answers", "Imported", "Question", "Report", "import_prices"]
