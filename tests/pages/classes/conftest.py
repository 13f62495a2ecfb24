import pytest

from pages.ui.session import platform
from pages.ui.web.server import new_owner


@pytest.fixture
def teacher():
    return new_owner()


@pytest.fixture
def code(teacher):
    return platform().classes.create(teacher, "Physics 10b")


def student(code, name):
    """Join a class in a new browser; return its owner."""
    owner = new_owner()
    platform().classes.join(owner, code, name)
    return owner
