"""Live updates: one route that serves them, and one component that polls it.

A *view* is a function of an owner, a subject such as a run's id, and the query of a
request; it returns the content of a part of a page. `part.py` draws it, and its
component then polls `live/<view>/<subject>` (`route.py`). The page itself reruns only
when its widgets have to change.
"""
