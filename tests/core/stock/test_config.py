"""The settings of a price forecast: the classic recipe was called "seed" before."""

import json

import pytest

from core.stock import Config
from core.task import ConfigError


def test_the_former_name_of_the_classic_recipe_is_still_read():
    classic = Config.preset("classic")
    stored = classic.values | {"recipe": "seed"}
    assert classic.recipe == "classic"
    assert Config.from_dict(stored) == classic
    assert Config.from_json(json.dumps(stored)) == classic
    assert Config.preset("seed") == Config.preset("seed", recipe="seed") == classic


def test_an_unknown_recipe_is_refused_with_the_present_names():
    with pytest.raises(ConfigError, match=r"one of honest, classic, got 'magic'"):
        Config(recipe="magic")
