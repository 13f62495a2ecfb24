"""Evaluation of forecasts: metrics, tests, intervals, leakage, lag and trading.

`metrics` has the scores, `diebold_mariano` the test between models, `horizon` the
evaluation of one horizon, and `verdict` the sentence for the page.
"""
