"""The lessons: networks of four recurrent cells, trained in NumPy."""
