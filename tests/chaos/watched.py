"""Loaded by each worker of a local cluster while it starts, as a page of its server.

That is the one door through which Dask's own settings let a module in.
"""

from tests.chaos import witness

routes = []  # what Dask expects here

witness.watch()
