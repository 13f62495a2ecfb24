"""How good a forecast is: metrics, tests, intervals, leakage, lag and trading."""
