"""The two recipes: `returns` ("honest") and `classic`.

`recipe` is their interface, `training` their loop. Of `returns`, `prepare` makes inputs
and targets, and the networks in `network` correct risk and mean.
`faults` describes the mistakes of `classic`.
"""
