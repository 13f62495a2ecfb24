from dataclasses import replace

import pytest

from core.runs import Platform, Site
from core.runs.admin import is_admin_token
from core.runs.metrics import measure
from tests.platforms import NOBODY

TOKEN = "correct horse bättery"


@pytest.fixture
def site(tmp_path):
    return Site(home=tmp_path, database_url="", admin_token=TOKEN)


def test_the_token_opens_the_admin_page(site):
    assert is_admin_token(site, TOKEN)


@pytest.mark.parametrize("token", ["", TOKEN[:-1], TOKEN + " ", TOKEN.upper(), "ö"])
def test_other_values_do_not_open_the_admin_page(site, token):
    assert not is_admin_token(site, token)


def test_where_there_is_no_token_none_opens_it(site):
    assert not is_admin_token(replace(site, admin_token=None), "")


def test_the_token_is_not_in_what_an_installation_says_of_itself(site):
    assert TOKEN not in repr(site)


def test_the_metrics_of_a_lost_store_say_so(site):
    away = f"postgresql+psycopg://{NOBODY.rpartition('/')[2]}/none"
    platform = Platform(replace(site, database_url=away, scheduler=NOBODY))
    lines = measure(platform, 2).decode().splitlines()
    platform.close()
    assert "unrolled_store_up 0.0" in lines
    assert "unrolled_sessions 2.0" in lines
    assert not [line for line in lines if line.startswith("unrolled_trainings{")]
