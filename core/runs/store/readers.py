"""Readers of runs: an owner, a visitor with a link, or a member of a class.

An owner is the random token of a browser, a string; nothing else may change runs.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class LinkReader:
    """A visitor with the token of a share, who reads the runs that it leads to."""

    token: str


@dataclass(frozen=True)
class ClassReader:
    """An owner who reads the runs on the board of a class, as its code names it."""

    code: str
    owner: str


Reader = str | LinkReader | ClassReader
