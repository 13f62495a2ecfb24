import streamlit as st

from pages.ui.address import hold, read_address, write_address
from pages.ui.emoji import taught
from pages.ui.emoji.answer import answer_view, ask
from pages.ui.emoji.how import how_it_works
from pages.ui.emoji.judged import judgement_view
from pages.ui.emoji.many import many_view
from pages.ui.emoji.models import choose_voice, result_of
from pages.ui.emoji.setup import recall, setup, unlinked
from pages.ui.emoji.stage import stage
from pages.ui.emoji.teach import teach_view
from pages.ui.emoji.why import why
from pages.ui.frame import frame
from pages.ui.glossary import glossary
from pages.ui.session import current_run, owner, platform

TABS = ["Teach it", "Many at once", "Judgement", "How it works"]

frame()
st.title("Emoji")
st.markdown(
    "An LSTM reads your sentence word by word and answers with an emoji and its "
    "confidence. Where it is wrong, you can teach it."
)
place = read_address("emoji")
taught.keep_edits()
run = current_run("emoji")
recall(run, result_of(run))

text = ask()
voice = choose_voice(run)
answer = answer_view(voice, text)

column, right = st.columns([1, 2], gap="large")
with column:
    request, started = setup(voice)
    if started:
        run = platform().store.get(owner(), started)

with right:
    stage(run, voice)
    why(voice, answer)

lessons, many, judged, explained = st.tabs(
    TABS, key=hold("emoji_tabs", TABS[0], TABS), on_change="rerun"
)
with lessons:
    teach_view(request)
with many:
    many_view(voice, many.open)
if judged.open:
    with judged:
        judgement_view(voice)
if explained.open:
    with explained:
        how_it_works(voice.result.config)
glossary()
write_address("emoji", place, *unlinked())
