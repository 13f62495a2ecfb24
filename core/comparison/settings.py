"""The settings of several runs side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.figures.palette import LETTERS
from core.runs.run import Run
from core.table.writer import write_csv
from core.task import Scalar

DATA = "data"  # named among the settings, where it differs
NAMED = 4  # settings in a name, at most


@dataclass(frozen=True)
class Row:
    """One setting of each run; None where a run lacks it."""

    name: str
    values: tuple[Scalar, ...]

    @property
    def differs(self) -> bool:
        """Whether the runs do not have it in common."""
        return len(set(self.values)) > 1


def settings_of(runs: Sequence[Run]) -> list[Row]:
    """Return the runs' data, then each of their settings."""
    settings = [run.settings for run in runs]
    names = dict.fromkeys(name for values in settings for name in values)
    return [
        Row(DATA, tuple(run.title for run in runs)),
        *(Row(name, tuple(each.get(name) for each in settings)) for name in names),
    ]


def short_names(runs: Sequence[Run]) -> list[str]:
    """Return labels that distinguish the runs: their own names, else settings."""
    different = [row for row in settings_of(runs) if row.differs]
    return [
        run.own_name or _in_words(different, place) or run.title
        for place, run in enumerate(runs)
    ]


def _in_words(rows: Sequence[Row], place: int) -> str:
    words = [
        str(row.values[place])
        if row.name == DATA
        else f"{row.name.replace('_', ' ')} {_text(row.values[place])}"
        for row in rows[:NAMED]
    ]
    return ", ".join(words) + (" …" if len(rows) > NAMED else "")


def _text(value: Scalar) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def settings_csv(runs: Sequence[Run], rows: Sequence[Row]) -> str:
    """Write one line for each setting, a column for each run."""
    columns: dict[str, list[Scalar]] = {"setting": [row.name for row in rows]}
    for place, run in enumerate(runs):
        name = f"{LETTERS[place]} {run.name}"
        columns[name] = [row.values[place] for row in rows]
    return write_csv(columns)
