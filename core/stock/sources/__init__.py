"""Sources of prices besides files.

`samples` has the bundled series, `yahoo` fetches prices, and `ticker` caches them.
"""
