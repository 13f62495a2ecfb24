"""How much of it is chance: by seed, and by part of the test."""

import streamlit as st

from core.stock import Result
from core.stock.by_fold import FoldFigures, figures_by_fold
from pages.ui.words import four_decimals, percent


def spread_view(result: Result) -> None:
    """Draw a table of the seeds and one of the folds."""
    with st.grid(2, min_column_width=320):
        if result.seeds:
            with st.container():
                st.markdown("##### By random seed")
                _seeds(result)
        with st.container():
            st.markdown("##### By part of the test")
            _folds(result)


def _seeds(result: Result) -> None:
    figures = result.metrics
    rows = [
        (f"Seed {place}", seed.rel_rmse, seed.nll)
        for place, seed in enumerate(result.seeds, start=1)
    ]
    if len(rows) > 1:
        rows.append(("All, averaged", figures["rel_rmse"], figures["nll"]))
    st.table(
        [
            {"Networks": name, "RMSE ratio": four_decimals(error)}
            | ({} if nll is None else {"NLL": four_decimals(nll)})
            for name, error, nll in rows
        ],
        alt="Error and likelihood of each seed's networks alone, and of their average",
    )


def _folds(result: Result) -> None:
    st.table(
        [
            {
                "Forecast": f"{str(fold.first)[:7]} to {str(fold.last)[:7]}",
                "Rows before": f"{fold.learned:,}",
                "RMSE ratio": four_decimals(fold.rel_rmse),
            }
            | (_risk(fold) if fold.nll is not None else {})
            for fold in figures_by_fold(result)
        ],
        alt="Error, likelihood and coverage in each part of the test half",
    )


def _risk(fold: FoldFigures) -> dict:
    return {
        "NLL": four_decimals(fold.nll),
        "GARCH": four_decimals(fold.nll_garch),
        "Coverage, 80%": percent(fold.coverage_80),
    }
