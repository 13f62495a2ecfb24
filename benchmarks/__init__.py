"""Measurements of the numbers in the documents, each beside its alternative.

`make bench` runs all modules. `truth`, `direction`, `power` and `files` check forecasts
and imports of prices; `costs`, `hosts`, `platform` and `load` the resources of runs and
users; the others measure models and their speed.
"""
