import streamlit as st

from pages.ui.board.console import teacher_view
from pages.ui.classes.join import (
    both_ways,
    join_linked,
    linked_class,
    other_classes,
    take_over_linked,
    way_alone,
)
from pages.ui.classes.student import student_view
from pages.ui.frame import frame
from pages.ui.membership import current_member, note_presence
from pages.ui.previews import preview
from pages.ui.session import owner, platform
from pages.ui.shape import head

INTRODUCTION = (
    "Everybody teaches a network, for example to invent names, and one board shows "
    "whose learns best. Join a class, start one, or try it alone."
)

frame(class_line=False)
note_presence()
linked, member = linked_class(), current_member()
taught = {each.code: each for each in platform().classes.taught(owner())}
code = linked and linked.code
if linked and code not in taught and "teacher" in st.query_params:
    take_over_linked(linked)
elif code and code not in taught and not (member and member.code == code):
    join_linked(linked, member)
elif taught and (code in taught or not code):
    code = code or next(iter(taught))
    st.query_params.pop("teacher", None)  # the address may be shown or passed on
    teacher_view(taught[code])
    other_classes(code, taught, member)
elif member:
    student_view(member)
    other_classes(member.code, taught, member)
else:
    with head("Class", INTRODUCTION).link, st.container(width=540):
        preview("classes", moving=False, part="upper")
    way_alone()
    both_ways()
