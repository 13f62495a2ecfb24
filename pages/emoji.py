import streamlit as st

from core.emoji.labels import LABELS
from pages.ui.address import hold, read_address, write_address
from pages.ui.emoji.answer import answer_view, text_input
from pages.ui.emoji.explain import explain_view
from pages.ui.emoji.files import many_view
from pages.ui.emoji.how_it_works import how_it_works_view
from pages.ui.emoji.judgement import judgement_view
from pages.ui.emoji.models import choose_model, result_of
from pages.ui.emoji.own_classes import own_classes_view
from pages.ui.emoji.result import result_view
from pages.ui.emoji.setup import OWN_CLASSES, recall, setup, unlinked
from pages.ui.emoji.teach import save_edits, teach_view
from pages.ui.frame import frame
from pages.ui.glossary import glossary
from pages.ui.session import current_run, owner, platform
from pages.ui.takeaway import take_away

TABS = ["Teach it", "Many at once", "Judgement", "Take away", "How it works"]

frame()
st.title("Emoji")
st.markdown(
    "An LSTM reads your sentence word by word and answers with an emoji and its "
    "confidence. Where it is wrong, you can teach it."
)
address = read_address("emoji")
save_edits()
run = current_run("emoji")
recall(run, result_of(run))

text = text_input()
active = choose_model(run)
answer = answer_view(active, text)

left, right = st.columns([1, 2], gap="large")
with left:
    ready, started = setup(active)
    if started:
        run = platform().store.get(owner(), started)

writing = st.session_state["emoji_source"] == OWN_CLASSES
own_run = run is not None and active.result.labels != LABELS
with right:
    if writing and not own_run:
        own_classes_view()
    result_view(run, active)
    explain_view(active, answer)
    if writing and own_run:
        own_classes_view()

lessons, many, judgement, files, explained = st.tabs(
    TABS, key=hold("emoji_tabs", TABS[0], TABS), on_change="rerun"
)
with lessons:
    teach_view(run, active, ready)
with many:
    answer_the_rest = many_view(active, many.open)
if judgement.open:
    with judgement:
        judgement_view(active)
if files.open:
    with files:
        take_away("emoji", "emoji", active.result, run_id=active.run_id)
if explained.open:
    with explained:
        how_it_works_view(active.result.config)
glossary()
write_address("emoji", address, *unlinked())
if answer_the_rest:
    answer_the_rest()
