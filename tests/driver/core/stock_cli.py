"""The prices' command line."""

import functools

from tests.core import command

QUICK = ["--units", "4", "--window", "16", "--epochs", "2"]


stock = functools.partial(command.call, "core.stock")
