"""What is done to a model once it is trained: calibrated, then judged on every set."""

from dataclasses import replace

from core.emoji.judging.audit import learning_curve, second_opinions
from core.emoji.judging.metrics import choose_temperature, choose_threshold
from core.emoji.model.reading import mean_probability
from core.emoji.result import JUDGED, Result


def judged(result: Result) -> Result:
    """Choose temperature and threshold on the development set; answer every set.

    Without a development set both stay as they are.
    """
    development = result.data.development
    if result.config.calibration == "development" and development.labelled:
        result = replace(result, temperature=_temperature(result))
    probabilities = {
        name: result.model.judge(result.rows(name).texts) for name in JUDGED
    }
    threshold = result.threshold
    if development.labelled:
        answers = probabilities["development"]
        threshold = choose_threshold(answers, development.targets)
    return replace(result, probabilities=probabilities, threshold=threshold)


def audited(result: Result) -> Result:
    """Judge the training sentences themselves: their labels, and whether more help."""
    learned, test = result.data.learned, result.data.test
    points = learning_curve(result.model, learned, test) if test.labelled else []
    return replace(
        result,
        opinions=second_opinions(result.model, learned),
        curve=tuple(points),
    )


def _temperature(result: Result) -> float:
    rows, model = result.data.development, result.model
    vectors = [model.vectors(model.read(text).tokens) for text in rows.texts]
    logits = model.reader.logits(model.reader.features(vectors))
    return choose_temperature(
        lambda temperature: mean_probability(result.config, logits, temperature),
        rows.targets,
    )
