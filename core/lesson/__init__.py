"""The lessons: networks of the cells in core.rnn and core.lstm, trained in NumPy."""
