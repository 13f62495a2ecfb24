"""Search for settings: which are tried, which trials end early, what has come of it.

`space` says what is searched, `suggestion` which settings a trial gets, `pruning` when
it ends early, `trials` what its runs have come to, `verdict` whether the best settings
beat those that the search started from. `engine` brings a study forward in the store.
"""
