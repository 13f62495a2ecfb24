"""The tabs of the price page."""


def open_tab(page, tab):
    page.session_state["stock_tabs"] = tab
    page.run()
    assert not page.exception
    return page
