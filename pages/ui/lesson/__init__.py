"""The lessons: what the pages of the RNN and of the LSTM share."""
