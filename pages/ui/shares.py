"""Share links: create, copy, QR code, list, revoke."""

import streamlit as st

from core.runs.store.run_list import show_to_class
from pages.ui.controls import show_value
from pages.ui.intents import button, intent
from pages.ui.links import copy_button, hint_for_this_machine, link_to, qr_code
from pages.ui.membership import current_member
from pages.ui.session import owner, platform
from pages.ui.words import ago, as_text

QR_WIDTH = 240  # pixels; as wide as the screen when it is enlarged
SEEN = (
    "Anyone with the link can see {these}: name, settings, curves and results, also "
    "during the training, and download the files, **including the training data**. "
    "Your notes and other runs stay private, and visitors cannot change or stop "
    "anything."
)


def share_menu(prefix: str, run_ids) -> None:
    """Draw the button *Share* of the owner's runs, with the link to them in it.

    Its widgets are keyed `share_<what>_<prefix>`.
    """
    menu = st.popover(
        "Share",
        key=f"share_menu_{prefix}",
        icon=":material/share:",
        help="A read-only link to this run for others.",
    )
    with menu:
        _menu(prefix, list(run_ids))


def _menu(prefix: str, run_ids) -> None:
    if len(run_ids) == 1:
        _class_toggle(prefix, run_ids[0])
    these = "this run" if len(run_ids) == 1 else "these runs side by side"
    st.markdown(SEEN.format(these=these))
    shares = platform().shares
    token = shares.find(owner(), run_ids)
    if token is None:
        button(
            "Make a link",
            f"share_create_{prefix}",
            shares.create,
            owner(),
            run_ids,
            icon=":material/add_link:",
            help="The link cannot be guessed. You can revoke it here and on the Runs "
            "page.",
        )
        return
    link = _link(token)
    with st.container(horizontal=True, vertical_alignment="center"):
        copy_button(key=f"share_copy_{prefix}", data=link)
        _revoke_button(f"share_revoke_{prefix}", token)
    st.image(qr_code(link), width=QR_WIDTH, alt="QR code of the link")
    hint_for_this_machine(link)


def _class_toggle(prefix: str, run_id: str) -> None:
    """Draw the switch that shows a private run on the board of the class."""
    run = current_member() and platform().store.get(owner(), run_id)
    if not (run and run.own_data):
        return
    key = f"share_class_{prefix}"
    show_value(key, bool(run.class_shown))
    st.toggle(
        "Show to my class",
        key=key,
        help="The board shows only that you train on your own data. Switched on, the "
        "class sees settings, curves, results, and the data of this run.",
        on_change=intent(
            key,
            lambda: show_to_class(
                platform().store, owner(), run_id, st.session_state[key]
            ),
        ),
    )


def shared_links() -> None:
    """Draw the list of the owner's links, if there are any, in an expander."""
    found = platform().shares.of(owner())
    if not (found or st.session_state.get("share_list")):  # revoked while it is open
        return
    folded = st.expander(
        "Shared links", icon=":material/share:", key="share_list", on_change="rerun"
    )
    if folded.open:
        with folded:
            _links(found)


def _links(found) -> None:
    if not found:
        st.caption("All links are revoked.")
    for share in found:
        name = share.token[:8].replace("_", "-")  # no component's key may have two
        with st.container(
            horizontal=True, vertical_alignment="center", key=f"share_{name}"
        ):
            titles = " · against · ".join(as_text(run.name) for run in share.runs)
            st.markdown(
                f"**{titles or 'Deleted'}** · {ago(share.created)}", width="stretch"
            )
            with st.container(width="content"):
                copy_button(key=f"share_copy_{name}", data=_link(share.token))
            _revoke_button(f"share_revoke_{name}", share.token)


def _revoke_button(key: str, token: str) -> None:
    button(
        "Revoke",
        key,
        platform().shares.revoke,
        owner(),
        token,
        icon=":material/link_off:",
        type="tertiary",
        help="The link stops working, also in open pages.",
    )


def _link(token: str) -> str:
    return link_to("shared", {"share": token})
