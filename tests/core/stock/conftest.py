import pytest

from tests.core.stock.helpers import made_up_series
from tests.core.stock.results import bare_result, made_up_result


@pytest.fixture
def series():
    return made_up_series(201)


@pytest.fixture
def result(series):
    return made_up_result(series)


@pytest.fixture
def bare(series):
    return bare_result(series)
