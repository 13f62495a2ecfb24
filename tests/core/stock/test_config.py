"""The settings of a price forecast."""

import pytest

from core.stock import Config
from core.task import ConfigError


def test_an_unknown_recipe_is_refused_with_the_present_names():
    with pytest.raises(ConfigError, match=r"one of honest, classic, got 'magic'"):
        Config(recipe="magic")
