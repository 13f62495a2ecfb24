"""The download of a trained model: a Keras file, its preprocessing, and a script."""

import io
import json
import zipfile
from pathlib import Path

from core.stock.data import features
from core.stock.future import to_csv
from core.stock.result import Result
from core.stock.wording import format_time
from core.task import DataError

FEATURES = Path(features.__file__)
SCRIPT = '''\
"""Forecast the coming prices: python forecast.py prices.csv

The file has the columns `date` and `price`, oldest first. Prints the median and the
ends of the 80% and 95% intervals for each horizon in rows of the file, as CSV.
"""

import json
import sys

import keras
import numpy as np
import pandas as pd

from features import LinearModel, Scaling, VarianceModel, calendar, inputs

if len(sys.argv) != 2:
    sys.exit("Expected one file of prices: python forecast.py prices.csv")
with open("preprocessing.json") as file:
    fitted = json.load(file)
model = keras.saving.load_model("model.keras")
table = pd.read_csv(sys.argv[1], parse_dates=["date"])
prices, dates = table["price"].to_numpy(float), table["date"].to_numpy()

scaling = Scaling(mean=fitted["mean"], scale=fitted["scale"])
returns = scaling.standardise(prices)
starts = [VarianceModel(**parameters) for parameters in fitted["variance"]]
x = inputs(returns, starts[0], calendar(dates, **fitted["calendar"]))
head = model.predict(x[None], verbose=0)[0, -1]
correction = np.split(head, 2)  # of mean and log-variance, one for each horizon

rows = []
for column, (horizon, start) in enumerate(zip(fitted["horizons"], starts)):
    # The classical forecast, as log returns ...
    variance = start.sum_of_variances(start.next_variance(returns), (horizon,))
    deviation = scaling.scale * np.sqrt(variance[-1, 0])
    mean = horizon * (scaling.mean + scaling.scale * start.mean)
    if linear := fitted["linear"].get(str(horizon)):
        linear = LinearModel(
            constant=linear["constant"], weights=np.array(linear["weights"])
        )
        mean = linear.forecast(prices)[-1]
    # ... and the accepted share of the network's correction of it.
    of_mean, of_risk = (shares[column] for shares in fitted["accepted"])
    mean += of_mean * correction[0][column] * deviation
    deviation *= np.exp(of_risk * correction[1][column] / 2)
    widths = {name: width[column] for name, width in fitted["widths"].items()}
    rows.append(
        {name: prices[-1] * np.exp(mean + w * deviation) for name, w in widths.items()}
    )
print(pd.DataFrame(rows, index=fitted["horizons"]).to_csv(index_label=fitted["rows"]))
'''

MEANING = {
    "mean": "Mean of the log returns of the training part.",
    "scale": "Their standard deviation: z = (log return - mean) / scale.",
    "variance": "The classical model of each horizon: v = omega + (alpha + gamma * "
    "(e < 0)) * e ** 2 + beta * v with e = z - mean.",
    "linear": "Horizon -> a linear forecast of the mean, if that was best: constant, "
    "and weights of the logarithms of the last prices minus the last one.",
    "accepted": "Shares of the networks' corrections of the mean, and of the variance, "
    "that each horizon uses: 0 where rows that they were not learnt from did not show "
    "that they improve on the classical forecast. The first outputs of the model times "
    "the deviation of that forecast are added to its mean, the others to its "
    "log-variance.",
    "calendar": "Which columns of the calendar the model reads after the other inputs: "
    "seven for the day of the week, and four waves of the year.",
    "lean": "By how much more the square of a fall counts in a moving variance, and "
    "that of a rise less: square = z ** 2 * (1 - lean * sign(z)).",
    "memories": "Decay a row of the three moving variances, which start at one: "
    "v = memory * v + (1 - memory) * square.",
    "floor": "Smallest value of a variance.",
    "offset": "Taken from the absolute surprise, so that it is about zero on average.",
    "inputs": "What the model reads a row, in this order. The surprise is e divided by "
    "the root of the variance that the first classical model forecast the row before.",
    "rows": "What the rows of the prices are.",
    "horizons": "Rows ahead that are forecast.",
    "freedom": "Degrees of freedom of the Student-t distribution of each horizon.",
    "widths": "Where the ends of the 80% and 95% intervals lie, and the median, in "
    "standard deviations of each horizon.",
}


def preprocessing(result: Result) -> dict[str, object]:
    """Return everything needed besides the weights, each value with its meaning.

    Raise a DataError if the recipe saves no model.
    """
    if result.distribution is None or not result.model or not result.start:
        raise DataError(
            "Expected a result of the honest recipe, got one without a model to take "
            "away. Train with the honest recipe."
        )
    widths = {"median": [0.0] * len(result.horizons)}
    for level, values in result.factors_at(len(result.dates)).items():
        widths[f"low_{level}"] = (-values).tolist()
        widths[f"high_{level}"] = values.tolist()
    assert result.accepted is not None
    return {
        "about": "Preprocessing of model.keras. forecast.py shows how it is used.",
        "series": result.name,
        "last_day": format_time(result.series.dates[-1]),
        "rows": f"{result.series.frequency.row}s",
        "meaning": MEANING,
        **result.start,
        "accepted": result.accepted[-1].tolist(),
        "lean": features.LEAN,
        "memories": list(features.MEMORIES),
        "floor": features.FLOOR,
        "offset": features.OFFSET,
        "inputs": [
            "surprise",
            "abs(surprise) - offset",
            *(f"log(variance of memory {m} / variance)" for m in features.MEMORIES),
            "the calendar",
        ],
        "horizons": list(result.horizons),
        "freedom": result.distribution.freedom[-1].tolist(),
        "widths": widths,
    }


def script(_: Result) -> str:
    """Return the script that uses the model."""
    return SCRIPT


def model_archive(result: Result) -> bytes:
    """Return a .zip of the model, its preprocessing, the prices, and the script."""
    described = json.dumps(preprocessing(result), indent=2)
    series = result.series
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("model.keras", result.model)
        archive.writestr("preprocessing.json", described)
        archive.writestr(
            "prices.csv", to_csv({"date": series.dates, "price": series.prices})
        )
        archive.writestr("forecast.py", SCRIPT)
        archive.writestr("features.py", FEATURES.read_text(encoding="utf-8"))
    return content.getvalue()
