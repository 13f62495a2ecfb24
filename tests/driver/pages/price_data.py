"""The price page and its data."""


def can_train(page):
    return not page.button(key="stock_train").disabled
