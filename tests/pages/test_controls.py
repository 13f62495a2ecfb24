"""Buttons whose press survives an interruption of the script."""

from streamlit.testing.v1 import AppTest


def script():
    import streamlit as st

    from pages.ui.controls import forget_presses, was_pressed

    if st.session_state.pop("interrupt", False):
        st.rerun()  # as a request of a live part does
    if st.session_state.get("shown", True):
        if was_pressed(st.button, "Count", key="count"):
            st.session_state["counted"] = st.session_state.get("counted", 0) + 1
        if st.button("Streamlit's own", key="own"):
            st.session_state["own_counted"] = True
    forget_presses()


def test_a_press_counts_once_if_the_script_is_interrupted_before_its_button():
    page = AppTest.from_function(script).run()
    for count in (1, 2):
        page.session_state["interrupt"] = True
        page.button(key="count").click().run()
        assert page.session_state["counted"] == count
    assert page.run().session_state["counted"] == 2
    page.session_state["interrupt"] = True
    page.button(key="own").click().run()
    assert "own_counted" not in page.session_state  # else `was_pressed` may go


def test_a_press_of_a_button_that_is_gone_is_forgotten():
    page = AppTest.from_function(script).run()
    page.session_state["shown"] = False
    page.button(key="count").click().run()
    page.session_state["shown"] = True
    page.run()
    assert "counted" not in page.session_state
