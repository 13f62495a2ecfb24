import json

from core import previews


def test_the_pictures_of_the_home_page_are_of_the_examples_that_ship():
    """If not, `python -m core.previews` makes them anew."""
    computed = leaves(json.loads(json.dumps(previews.compute(), default=vars)))
    shipped = leaves(previews.load())
    numbers = {place for place, leaf in computed.items() if type(leaf) in (int, float)}
    assert shipped.keys() == computed.keys()
    for place in shipped.keys() - numbers:
        assert shipped[place] == computed[place], place
    for place in numbers:  # which machines round differently
        assert abs(shipped[place] - computed[place]) <= 1, place


def leaves(value, place=()):
    """What is in nested lists and dictionaries, by its place."""
    if not isinstance(value, dict | list):
        return {place: value}
    items = value.items() if isinstance(value, dict) else enumerate(value)
    return {
        where: leaf
        for name, part in items
        for where, leaf in leaves(part, (*place, name)).items()
    }


def test_a_picture_takes_a_few_kilobytes():
    sizes = {name: len(json.dumps(each)) for name, each in previews.load().items()}
    assert max(sizes.values()) < 10_000, sizes
