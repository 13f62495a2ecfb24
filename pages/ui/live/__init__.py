"""What changes by itself on a page: one route that answers, one component that asks.

A *view* says what a part of a page shows: a function of an owner, a subject such as a
run's id, and the query of a request. `part.py` draws it on a page, and the component
then asks `live/<view>/<subject>` for news (`route.py`). Nothing of the page is drawn
again meanwhile, except when its widgets have to change.
"""
