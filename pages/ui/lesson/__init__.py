"""The lessons: what the pages of the RNN, the LSTM and the GRU share."""
