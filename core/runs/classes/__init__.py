"""Classes: code, students, tasks, polls and the board.

`classes` has the operations, `goals` the criteria of tasks, `links` parses links to
settings, `names` checks names and texts, `polls` has the questions, `board_state` reads
the state of a class, `board` chooses what its tiles show, and `figures` draws all its
runs. A class and all its data are removed after a day, or after a week if the teacher
keeps it.
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
