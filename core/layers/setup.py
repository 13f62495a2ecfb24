"""How TensorFlow is started in every process that trains: quiet, and on one thread."""

import contextlib
import os
from collections.abc import Iterator


def single_thread() -> None:
    """Import TensorFlow so that it logs errors only and computes on one thread.

    Two single-threaded trainings beside each other are faster than two that
    contend for the same cores, and one thread always adds in the same order,
    so that a resumed training repeats the numbers of an uninterrupted one.

    Call it before anything else imports TensorFlow; calling it again is harmless.

    Raise a RuntimeError if TensorFlow has already started with another number of
    threads.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["KERAS_BACKEND"] = "tensorflow"
    with _standard_error_to_devnull():
        import keras  # noqa: F401 - it imports TensorFlow, and also logs
        import tensorflow as tf

    # Each training traces its own graph, which TensorFlow takes for a mistake.
    tf.get_logger().setLevel("ERROR")
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)


@contextlib.contextmanager
def _standard_error_to_devnull() -> Iterator[None]:
    """Discard the output of native code, which logs before it reads its log level."""
    stderr, devnull = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(devnull, 2)
        yield
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)
        os.close(devnull)
