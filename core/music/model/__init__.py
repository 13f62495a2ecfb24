"""The networks: tokens, inputs, training, sampling; and the Markov baseline."""
