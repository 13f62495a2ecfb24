"""Everything that is not a page: models, training, runs and figures."""
