"""A page by the prefix of its widgets."""

from tests.driver.pages.app import open_page
from tests.driver.pages.learning import learn


def open_prefix(prefix):
    """The page whose widgets have a prefix, where it trains."""
    return learn(prefix) if prefix in ("rnn", "lstm", "gru") else open_page(prefix)


def errors(page):
    return [str(error.value).replace("\\", "") for error in page.error]
