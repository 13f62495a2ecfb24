"""Readers of runs: an owner, a visitor with a link, or a member of a class.

An owner is the random token of a browser, a string. Only owners may change runs.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class LinkReader:
    """A visitor with the token of a share, who may read its runs."""

    token: str


@dataclass(frozen=True)
class ClassReader:
    """An owner who reads the runs on the board of the class with this code."""

    code: str
    owner: str


Reader = str | LinkReader | ClassReader
