"""Warn users who tried many settings on the same test part."""

from collections.abc import Iterable, Mapping

from core.stock.config import AFTER_TRAINING
from core.task import Scalar

FEWEST = 5  # different settings, from which the warning is given


def count_settings(settings: Iterable[Mapping[str, Scalar]]) -> int:
    """Count the different settings of some runs, those after training ignored."""
    different = {
        frozenset((name, v) for name, v in each.items() if name not in AFTER_TRAINING)
        for each in settings
    }
    return len(different)


def warning_of_reuse(settings: Iterable[Mapping[str, Scalar]]) -> str:
    """Return a warning, given the settings of all runs on one test part.

    Empty for fewer than `FEWEST` different ones. The p-values are valid for a forecast
    chosen before its test (White, 2000, A reality check for data snooping).
    """
    different = count_settings(settings)
    if different < FEWEST:
        return ""
    return (
        f"You have used this test part with {different} different settings. The best "
        "of many looks better than it is, and the p-values are valid only for settings "
        "chosen beforehand: choose them on prices that end earlier, and use this test "
        "part once."
    )
