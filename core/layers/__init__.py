"""What is TensorFlow: the LSTM layer, Adam, and how TensorFlow is set up."""
