"""Classes: a code that opens one, its students, their tasks, and who may do what.

`classes` is what pages call; `goals` says when a task is done, `links` which settings
a link leads to, `names` what a student may be called; `board` reads what the board
shows, and `figures` draws all runs. A class lasts a day unless it is kept, and all that
is known of it goes with it.
"""

from core.runs.classes.classes import Classes, ClassTask, Member, SchoolClass
from core.runs.classes.goals import Goal, Possible, goals_for
from core.runs.classes.links import parse_link

__all__ = [
    "ClassTask",
    "Classes",
    "Goal",
    "Member",
    "Possible",
    "SchoolClass",
    "goals_for",
    "parse_link",
]
