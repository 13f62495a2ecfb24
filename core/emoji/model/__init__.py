"""The networks: in TensorFlow for training, in NumPy for answering."""
