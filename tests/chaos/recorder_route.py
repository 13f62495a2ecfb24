"""Loaded by each worker of a local cluster while it starts, as a route of its server.

That is the one way to have a module loaded by Dask's settings alone.
"""

import os

from tests.chaos import moments, recorder

routes = []  # what Dask expects here

recorder.record_writes()
moments.stand_still(os.environ["UNROLLED_HOME"])
