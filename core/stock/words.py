"""What a run on prices came to, in a few words."""

from collections.abc import Mapping

from core.task import Scalar


def headline(summary: Mapping[str, Scalar]) -> str:
    """Return one line on a run for a list of runs."""
    if not isinstance(error := summary.get("rel_rmse"), float):
        return ""
    return f"error {error:.3g} × that of the last known price"
