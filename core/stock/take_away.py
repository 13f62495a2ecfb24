"""The trained model to take away: a Keras file, its preprocessing, and a script."""

import io
import json
import zipfile

from core.stock.features import (
    FLOOR,
    LEAN,
    MEAN_SHARE,
    MEMORIES,
    OFFSET,
    STEADY,
    WEIGHTS,
    features,
)
from core.stock.result import Result
from core.stock.tables import table
from core.task import DataError

SCRIPT = """\
import json, sys, keras, numpy as np, pandas as pd
p, model = json.load(open("preprocessing.json")), keras.saving.load_model("model.keras")
price = pd.read_csv(sys.argv[1])["price"].to_numpy(float)
z = np.append(0.0, (np.diff(np.log(price)) - p["mean"]) / p["scale"])
squares = pd.Series([1.0, *(z**2 * (1 - p["lean"] * np.sign(z)))])
v = [squares.ewm(alpha=1 - m, adjust=False).mean()[1:] for m in p["memories"]]
v = np.maximum(v, p["floor"])
base = p["steady"] + np.dot(p["weights"], v)
e = z / np.sqrt([1.0, *base[:-1]])
x = np.transpose([e, abs(e) - p["offset"], *np.log(v[::2] / base)])
mean, change = np.split(model.predict(x[None], verbose=0)[0, -1], 2)
risk = p["scale"] * np.sqrt(base[-1] * np.array(p["horizons"]))
middle, reach = p["drift"] + p["mean_share"] * risk * mean, risk * np.exp(change / 2)
ends = {k: price[-1] * np.exp(middle + w * reach) for k, w in p["widths"].items()}
print(pd.DataFrame(ends, index=p["horizons"]).to_csv(index_label="days"))
"""

MEANING = {
    "mean": "Mean of the daily log returns that the unit was taken from.",
    "scale": "Their standard deviation: z = (log return - mean) / scale.",
    "lean": "By how much more the square of a fall counts, and that of a rise less: "
    "square = z ** 2 * (1 - lean * sign(z)).",
    "memories": "What the three moving variances keep a day, of a start at one: "
    "v = memory * v + (1 - memory) * square.",
    "weights": "Weights of the three in the base.",
    "steady": "What is added to it: the share of the usual variance, 1.",
    "floor": "Smallest value of a moving variance.",
    "offset": "Taken from the absolute surprise, so that it is about zero on average.",
    "inputs": "What the model reads a day, in this order. The surprise is z divided by "
    "the root of the base of the day before.",
    "horizons": "Days ahead that are forecast.",
    "drift": "What is believed of the mean log return over each horizon.",
    "mean_share": "The first outputs times this, times the deviation of the base over "
    "the horizon, are means; the other outputs are added to its log-variance.",
    "freedom": "Degrees of freedom of the Student-t distribution of each horizon.",
    "widths": "Where the ends of the 80% and 95% intervals lie, and the median, in "
    "standard deviations of each horizon: the state of adaptive conformal prediction "
    "on the last day.",
}


def preprocessing(result: Result) -> dict[str, object]:
    """Return all that is needed beside the weights, each value with its meaning.

    Raises
    ------
    DataError
        If the recipe left no model.
    """
    if result.outlook is None or not result.model:
        raise DataError(
            "Expected a result of the honest recipe, got one without a model to take "
            "away. Train with the honest recipe."
        )
    unit = features(result.series.prices, until=result.folds[-1].test)
    freedom = result.outlook.freedom[-1]
    widths = {"median": [0.0] * len(result.horizons)}
    for level, values in result.factors.items():
        widths[f"low_{level}"] = (-values[-1]).tolist()
        widths[f"high_{level}"] = values[-1].tolist()
    return {
        "about": "Preprocessing of model.keras. forecast.py shows how it is used.",
        "series": result.name,
        "last_day": str(result.series.dates[-1]),
        "meaning": MEANING,
        "mean": unit.mean,
        "scale": unit.scale,
        "lean": LEAN,
        "memories": list(MEMORIES),
        "weights": [(1 - STEADY) * weight for weight in WEIGHTS],
        "steady": STEADY,
        "floor": FLOOR,
        "offset": OFFSET,
        "inputs": [
            *("surprise", "abs(surprise) - offset"),
            *("log(first / base)", "log(third / base)"),
        ],
        "horizons": list(result.horizons),
        "drift": [unit.drift * days for days in result.horizons],
        "mean_share": MEAN_SHARE,
        "freedom": freedom.tolist(),
        "widths": widths,
    }


def model_archive(result: Result) -> bytes:
    """Return a .zip of the model, its preprocessing, the prices, and the script.

    Raises
    ------
    DataError
        If the recipe left no model.
    """
    described = json.dumps(preprocessing(result), indent=2)
    series = result.series
    prices = table({"date": series.dates, "price": series.prices})
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("model.keras", result.model)
        archive.writestr("preprocessing.json", described)
        archive.writestr("prices.csv", prices)
        archive.writestr("forecast.py", SCRIPT)
    return content.getvalue()
