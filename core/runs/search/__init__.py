"""Search for better settings (hyperparameter optimisation).

`space` has the search space, `suggestion` the sampler, `pruning` early stopping of
trials, `trials` the values of trials, `verdict` the test of the best settings against
the default. `engine` advances a study in the store, `figures` draws it.
"""
