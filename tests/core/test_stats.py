"""The significance tests, against those of SciPy and statsmodels."""

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from core.stats import holm, welch


@pytest.mark.parametrize("alternative", ["two-sided", "less"])
def test_welchs_test_gives_scipys_p_value(alternative):
    random = np.random.default_rng(1)
    for shift in (-2.0, 0.0, 0.5, 3.0):
        a, b = random.normal(size=3), random.normal(shift, 3, size=5)
        expected = stats.ttest_ind(a, b, equal_var=False, alternative=alternative)
        found = welch(a.tolist(), b.tolist(), alternative)
        assert found == pytest.approx(expected.pvalue)


def test_samples_without_any_spread_differ_for_certain_only_if_they_are_large():
    assert welch([1.0, 1.0], [1.0, 1.0]) == 1
    assert welch([1.0, 1.0], [1.1, 1.1]) == pytest.approx(1 / 3)
    assert welch([1.0, 1.0], [1.1, 1.1], "less") == pytest.approx(1 / 6)
    assert welch([1.1, 1.1], [1.0, 1.0], "less") == 1
    assert welch([1.0] * 5, [1.1] * 5) < 0.01


def test_holms_correction_gives_statsmodels_p_values():
    p_values = [0.04, 0.001, 0.3, 0.04, 0.012, 0.9]
    expected = multipletests(p_values, method="holm")[1]
    assert holm(p_values) == pytest.approx(expected.tolist())
    assert holm([]) == []
