"""From text to tokens, and labelled sentences in files and data sets."""
