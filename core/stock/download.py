"""The download of a trained model: a Keras file, its preprocessing, and a script."""

import io
import json
import zipfile
from pathlib import Path

from core.stock.data import features
from core.stock.data.features import Scaling
from core.stock.result import Result, to_csv
from core.stock.wording import format_time
from core.task import DataError

FEATURES = Path(features.__file__)
SCRIPT = '''\
"""Forecast the coming prices: python forecast.py prices.csv

The file has a column `price`, oldest first. Prints the median and the ends of the 80%
and 95% intervals for each horizon in rows of the file, as CSV.
"""

import json
import sys

import keras
import numpy as np
import pandas as pd

from features import MEAN_SHARE, Scaling, features

with open("preprocessing.json") as file:
    fitted = json.load(file)
model = keras.saving.load_model("model.keras")
prices = pd.read_csv(sys.argv[1])["price"].to_numpy(float)

scaling = Scaling(mean=fitted["mean"], scale=fitted["scale"], drift=fitted["drift"][0])
known = features(prices, scaling)
head = model.predict(known.inputs[None], verbose=0)[0, -1]  # (2 * horizons,)
mean, log_variance_change = np.split(head, 2)

# The moving variance grows with the horizon; the network corrects it.
variance = np.exp(known.log_variance[-1]) * np.array(fitted["horizons"])
deviation = scaling.scale * np.sqrt(variance)  # of the log returns
centre = np.array(fitted["drift"]) + MEAN_SHARE * deviation * mean
deviation = deviation * np.exp(log_variance_change / 2)

table = {
    name: prices[-1] * np.exp(centre + np.array(width) * deviation)
    for name, width in fitted["widths"].items()
}
print(pd.DataFrame(table, index=fitted["horizons"]).to_csv(index_label=fitted["rows"]))
'''

MEANING = {
    "mean": "Mean of the daily log returns of the training part.",
    "scale": "Their standard deviation: z = (log return - mean) / scale.",
    "lean": "By how much more the square of a fall counts, and that of a rise less: "
    "square = z ** 2 * (1 - lean * sign(z)).",
    "memories": "Decay a day of the three moving variances, which start at one: "
    "v = memory * v + (1 - memory) * square.",
    "weights": "Weights of the three in the base.",
    "steady": "What is added to it: the weight of the usual variance, 1.",
    "floor": "Smallest value of a moving variance.",
    "offset": "Taken from the absolute surprise, so that it is about zero on average.",
    "inputs": "What the model reads a day, in this order. The surprise is z divided by "
    "the root of the base of the day before.",
    "rows": "What the rows of the prices are.",
    "horizons": "Rows ahead that are forecast.",
    "drift": "Forecast of the mean log return over each horizon.",
    "mean_share": "The first outputs times this, times the deviation of the base over "
    "the horizon, are means; the other outputs are added to its log-variance.",
    "freedom": "Degrees of freedom of the Student-t distribution of each horizon.",
    "widths": "Where the ends of the 80% and 95% intervals lie, and the median, in "
    "standard deviations of each horizon: the state of adaptive conformal prediction "
    "on the last day.",
}


def preprocessing(result: Result) -> dict[str, object]:
    """Return everything needed besides the weights, each value with its meaning.

    Raises
    ------
    DataError
        If the recipe saves no model.
    """
    if result.distribution is None or not result.model:
        raise DataError(
            "Expected a result of the honest recipe, got one without a model to take "
            "away. Train with the honest recipe."
        )
    scaling = Scaling.fit(result.series.prices, until=result.folds[-1].test)
    widths = {"median": [0.0] * len(result.horizons)}
    for level, values in result.factors.items():
        widths[f"low_{level}"] = (-values[-1]).tolist()
        widths[f"high_{level}"] = values[-1].tolist()
    return {
        "about": "Preprocessing of model.keras. forecast.py shows how it is used.",
        "series": result.name,
        "last_day": format_time(result.series.dates[-1]),
        "rows": f"{result.series.frequency.row}s",
        "meaning": MEANING,
        "mean": scaling.mean,
        "scale": scaling.scale,
        "lean": features.LEAN,
        "memories": list(features.MEMORIES),
        "weights": [(1 - features.STEADY) * weight for weight in features.WEIGHTS],
        "steady": features.STEADY,
        "floor": features.FLOOR,
        "offset": features.OFFSET,
        "inputs": [
            "surprise",
            "abs(surprise) - offset",
            "log(first / base)",
            "log(third / base)",
        ],
        "horizons": list(result.horizons),
        "drift": [scaling.drift * days for days in result.horizons],
        "mean_share": features.MEAN_SHARE,
        "freedom": result.distribution.freedom[-1].tolist(),
        "widths": widths,
    }


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
