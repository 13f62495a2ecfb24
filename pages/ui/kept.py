"""What takes a moment to make, kept for the session."""

import streamlit as st


def kept(prefix: str, what: str, version, make, most: int = 1):
    """Something of a page that takes a moment to make, for its last versions."""
    shelf = st.session_state.setdefault(f"{prefix}_kept", {}).setdefault(what, {})
    if version not in shelf:
        shelf[version] = make()
        for old in list(shelf)[:-most]:
            del shelf[old]
    return shelf[version]
