"""The lessons: parts shared by the pages of RNN, LSTM and GRU."""
