"""The other cells, tried in the ways in which tests/browser tries the LSTM."""

import pytest

from tests.browser.test_lessons import (  # noqa: F401 - they are collected here as well
    test_pointing_at_a_square_reads_its_value_in_every_heatmap,
    test_the_browser_computes_what_numpy_computes_after_every_edit,
)


@pytest.fixture(params=["rnn", "gru", "mingru"])
def cell(request):
    return request.param
