"""Loaded by each worker of a local cluster while it starts, as a route of its server.

That is the one way to have a module loaded by Dask's settings alone.
"""

from tests.chaos import recorder

routes = []  # what Dask expects here

recorder.record_writes()
