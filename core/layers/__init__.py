"""TensorFlow: the LSTM layer, Adam, and set-up."""
