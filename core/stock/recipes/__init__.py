"""The two recipes: `returns` ("honest") and `classic`.

`recipe` is their interface, `training` their loop. Of `returns`, `prepare` makes inputs
and targets, `network` and `correction` correct the risk, and `mean` the mean.
`faults` describes the mistakes of `classic`.
"""
