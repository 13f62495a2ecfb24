"""The commands and their options for files to write, from their own --help."""

import re
from functools import cache
from pathlib import Path

from tests.core.command import call

ROOT = Path(__file__).parents[3]
COMMANDS = sorted(
    f"core.{file.parent.name}" for file in ROOT.glob("core/*/__main__.py")
)
WORDS = {"core.runs": ("export",)}  # of the command that writes files
OUTPUT = re.compile(r"^  --([\w-]+) [A-Z]+\s+Write ", re.MULTILINE)


@cache
def outputs(command):
    """The options of a command for files to write."""
    return OUTPUT.findall(call(command, *WORDS.get(command, ()), "--help").stdout)
