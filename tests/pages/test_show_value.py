"""A widget that shows what is stored does not discard a click that is under way."""

from streamlit.testing.v1 import AppTest


def script():
    import streamlit as st

    from pages.ui.controls import show_value

    show_value("done", st.session_state.get("stored", False))
    st.checkbox("Done", key="done")


def test_the_browsers_value_is_replaced_only_by_another_one():
    page = AppTest.from_function(script).run()
    assert not page.run().checkbox(key="done").proto.set_value
    page.session_state["stored"] = True
    box = page.run().checkbox(key="done")
    assert box.proto.set_value
    assert box.proto.value
    # A click that stored nothing is shown as undone.
    assert box.uncheck().run().checkbox(key="done").value
