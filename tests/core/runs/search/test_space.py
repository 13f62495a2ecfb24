import pytest

from core.registry import TASKS, get_task
from core.runs.search.space import Dimension, Extent, Plan, parse_space
from core.task import ConfigError, DataError, bounds_of

every_task = pytest.mark.parametrize("task", TASKS)


def plan(task, *texts, **extent):
    space = parse_space(texts, get_task(task).Config)
    return Plan(space=space, extent=Extent(**extent))


def check(task, *texts, **settings):
    module = get_task(task)
    config, data = module.tiny()
    plan(task, *texts).check(
        module, type(config)(**{**config.values, **settings}), data
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("units=4:32", Dimension(name="units", low=4, high=32, whole=True)),
        (
            "learning_rate=1e-3:2e-2:log",
            Dimension(name="learning_rate", low=0.001, high=0.02, log=True),
        ),
        ("units=4,8,16", Dimension(name="units", options=(4, 8, 16))),
        (
            "recipe=honest,classic",
            Dimension(name="recipe", options=("honest", "classic")),
        ),
    ],
)
def test_a_space_is_read_as_it_is_written_in_the_terminal(text, expected):
    found = Dimension.parse(text, get_task("stock").Config)
    assert found == expected
    assert Dimension.parse(
        f"{found.name}={found.values}", get_task("stock").Config
    ) == (expected)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("units", "space: expected NAME=LOW:HIGH.* got 'units'"),
        ("colour=1:2", "colour: no such setting. Expected one of recipe"),
        ("units=4:400", "units: expected a whole number from 1 to 128 units, got 400"),
        ("units=4:8.5", "units: expected a whole number"),
        ("units=8:4", "units: expected a range from a lower to a higher .* got 8:4"),
        ("units=8,8", "units: expected two or more different values, got 8,8"),
        (
            "dropout=0:0.5:log",
            "dropout: expected a logarithmic range of numbers above 0",
        ),
        ("dropout=0:0.5:exp", "dropout: expected NAME=LOW:HIGH"),
        ("dropout=0:half", "dropout: expected a number, got 'half'"),
        ("dropout=0:nan", "dropout: expected a number, got 'nan'"),
        ("recipe=honest,none", "recipe: expected one of honest, classic"),
    ],
)
def test_an_unsearchable_dimension_is_refused_with_the_reason(text, sentence):
    with pytest.raises(ConfigError, match=sentence):
        Dimension.parse(text, get_task("stock").Config)


def test_a_plan_travels_as_json():
    whole = plan("stock", "units=4:8", "dropout=0,0.5", "batch=8:64:log", trials=7)
    assert Plan.from_json(whole.to_json()) == whole


def test_a_setting_that_changes_what_is_validated_is_refused():
    with pytest.raises(ConfigError, match="horizon: expected a setting that can be"):
        check("stock", "horizon=1:20")
    with pytest.raises(ConfigError, match="recipe: expected honest, got classic"):
        check("stock", "units=2:4", recipe="classic", window=16, horizon=1)


def test_one_setting_is_searched_once():
    with pytest.raises(
        ConfigError, match="1 to 8 different settings, got units, units"
    ):
        check("stock", "units=2:4", "units=6:8")


def test_a_space_with_a_corner_that_the_settings_or_the_data_refuse_is_refused():
    with pytest.raises(ConfigError, match="units x window x batch"):
        check("stock", "units=4:128", "window=8:512", "batch=8:256")
    with pytest.raises(DataError, match="a window of 512"):
        check("stock", "window=8:512")


@every_task
def test_every_searchable_setting_may_be_searched_over_all_its_bounds(task):
    module = get_task(task)
    for name in module.SEARCHABLE:
        bounds = bounds_of(module.Config.__dataclass_fields__[name])
        values = ",".join(bounds.options) or f"{bounds.low:g}:{bounds.high:g}"
        assert Dimension.parse(f"{name}={values}", module.Config).name == name
