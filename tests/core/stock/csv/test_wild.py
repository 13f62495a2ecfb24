"""Files as programs write them are read rightly, asked about, or refused."""

import pytest

from tests.core.stock.csv.wild import FILES, outcome_of


@pytest.mark.parametrize("kind", FILES)
def test_a_file_is_read_rightly_or_asked_about_or_refused(kind):
    file = FILES[kind]
    outcome, said = outcome_of(file)
    assert outcome == file.outcome, said
    assert file.says in said
