"""One colour for one thing, on every page (Okabe & Ito 2008: safe for all eyes)."""

FORGET_GATE = "#D55E00"
INPUT_GATE = "#0072B2"
CANDIDATE = "#009E73"
OUTPUT_GATE = "#CC79A7"
UPDATE_GATE = "#D55E00"  # GRU: kept share, as the forget gate
RESET_GATE = "#CC79A7"  # GRU: share of the state that is read
CELL_STATE = "#E69F00"
HIDDEN_STATE = "#56B4E9"

# Heatmaps around zero, each for a light and a dark page; no gate has these colours.
NEGATIVE = ("#8C510A", "#D9A45B")
POSITIVE = ("#01756B", "#4FCBBB")

MODEL = "#D55E00"
NAIVE = "#8C8C8C"
NETWORKS = {  # colours of compared networks
    "rnn": "#0072B2",
    "lstm": "#D55E00",
    "gru": "#009E73",
    "mingru": "#CC79A7",
    "attention": "#9A6A3A",
}
CURVES = (MODEL, "#0072B2", "#009E73", "#CC79A7")  # one a metric, where many meet
# One a run, by its position, where up to eight are compared.
LETTERS = "ABCDEFGH"
RUNS = (
    "#0072B2",
    "#D55E00",
    "#009E73",
    "#CC79A7",
    "#E69F00",
    "#56B4E9",
    "#8C8C8C",
    "#9A6A3A",
)

# Behind the plots: which rows teach, which decide when to stop, which judge.
TRAIN_TINT = "rgba(0, 114, 178, 0.06)"
VALIDATION_TINT = "rgba(230, 159, 0, 0.12)"
TEST_TINT = "rgba(0, 158, 115, 0.08)"

INK_LIGHT = "#1F2328"  # text and actual values on a light page
INK_DARK = "#E6EDF3"  # text on a dark page
PAPER_LIGHT = "#FFFFFF"  # background of a light page
PAPER_DARK = "#12161B"  # background of a dark page


def tint(colour: str, opacity: float) -> str:
    """Return a colour such as "#D55E00" with an opacity, as CSS writes it."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red}, {green}, {blue}, {opacity:g})"
