"""What lies below: the result, its judgement, both recipes, files, the explanation."""

import streamlit as st

from core.stock import Result
from pages.ui.address import hold
from pages.ui.stock.away import take_away
from pages.ui.stock.how import how_it_works
from pages.ui.stock.judged import judgement_view
from pages.ui.stock.models import Shown
from pages.ui.stock.past import past_view
from pages.ui.stock.recipes import recipes_view

NAMES = ["Result", "Judgement", "Recipes", "Take away", "How it works"]


def tabs(found: Shown | None, result: Result | None, recipe: str) -> None:
    """Draw the tabs; only the open one is worked out."""
    past, judged, both, away, explained = st.tabs(
        NAMES, key=hold("stock_tabs", NAMES[0], NAMES), on_change="rerun"
    )
    views = (
        (past, past_view, (result,)),
        (judged, judgement_view, (found, result)),
        (both, recipes_view, (result,)),
        (away, take_away, (result,)),
    )
    for tab, view, given in views:
        if tab.open:
            with tab:
                if result is None:
                    st.caption(
                        "There is no result yet. It appears here after training."
                    )
                else:
                    view(*given)
    if explained.open:
        with explained:
            how_it_works(recipe)
