"""A warning for who has judged many settings by the same test part."""

from collections.abc import Iterable, Mapping

from core.stock.config import AFTER_TRAINING
from core.task import Scalar

FEWEST = 5  # different settings, from which the warning is given


def count_settings(settings: Iterable[Mapping[str, Scalar]]) -> int:
    """Count the settings of some runs that differ in what affects training."""
    different = {
        frozenset((name, v) for name, v in each.items() if name not in AFTER_TRAINING)
        for each in settings
    }
    return len(different)


def warning_of_reuse(settings: Iterable[Mapping[str, Scalar]]) -> str:
    """Warn of the best of many, given the settings of all runs on one test part.

    Empty for fewer than `FEWEST` different ones. The p-values take one forecast that
    was chosen before the test part was looked at (White, 2000, A reality check for
    data snooping).
    """
    different = count_settings(settings)
    if different < FEWEST:
        return ""
    return (
        f"You have looked at this test part with {different} different settings. The "
        "best of many looks better than it is, and the p-values hold only for settings "
        "chosen beforehand: choose them on prices that end earlier, and look at this "
        "test part once."
    )
