import os

# Read by NumPy when it is first imported. The matrices are too small for more
# threads, which on a busy machine only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
