"""Links to a person's runs: made, copied, shown as a QR code, listed and revoked."""

import streamlit as st

from core.runs.store.run_list import show_to_class
from core.task import UserError
from pages.ui.links import copy_button, hint_for_this_machine, link_to, qr_code
from pages.ui.membership import current_member
from pages.ui.session import owner, platform
from pages.ui.words import ago, as_text

QR_WIDTH = 240  # pixels; as wide as the screen when it is enlarged
SEEN = (
    "Whoever has the link sees {these}: name, settings, curves and results, also "
    "during the training, and can take away the files. **The data it was trained on "
    "is among them.** They see nothing else of yours, not even your notes, and can "
    "neither change nor stop anything."
)


def share_menu(prefix: str, run_ids) -> None:
    """Draw the button *Share* of the owner's runs, with the link to them in it.

    Its widgets are keyed `share_<what>_<prefix>`.
    """
    menu = st.popover(
        "Share",
        key=f"share_menu_{prefix}",
        icon=":material/share:",
        help="A link with which others can look on, but change nothing.",
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
        place = st.empty()
        wanted = place.button(
            "Make a link",
            key=f"share_create_{prefix}",
            icon=":material/add_link:",
            help="Nobody can guess it. You can revoke it here and on the Runs page.",
        )
        if not wanted:
            return
        try:
            token = shares.create(owner(), run_ids)
        except UserError as error:
            st.error(as_text(str(error)), icon=":material/error:")
            return
        place.empty()
    link = _link(token)
    with st.container(horizontal=True, vertical_alignment="center"):
        copy_button(key=f"share_copy_{prefix}", data=link)
        _revoke_button(f"share_revoke_{prefix}", token)
    st.image(qr_code(link), width=QR_WIDTH, alt="QR code of the link")
    hint_for_this_machine(link)


def _class_toggle(prefix: str, run_id: str) -> None:
    """Let a student show a run on data of their own on the board of the class."""
    run = current_member() and platform().store.get(owner(), run_id)
    if not (run and run.own_data):
        return
    key = f"share_class_{prefix}"
    st.session_state[key] = bool(run.class_shown)
    st.toggle(
        "Show to my class",
        key=key,
        help="On the board stands only that you train on data of your own. Shown, the "
        "class sees this run as all others: settings, curves, results, and the data.",
        on_change=lambda: show_to_class(
            platform().store, owner(), run_id, st.session_state[key]
        ),
    )


def shared_links() -> None:
    """Draw the list of the owner's links, folded away; nothing if there are none."""
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
    st.button(
        "Revoke",
        key=key,
        icon=":material/link_off:",
        type="tertiary",
        help="The link stops working, also where it is open.",
        on_click=platform().shares.revoke,
        args=(owner(), token),
    )


def _link(token: str) -> str:
    return link_to("shared", {"share": token})
