"""Computation: tasks with their models, training, runs and figures. No Streamlit.

A *task* is a kind of training with the interface of `task.Task`: `stock` (prices),
`emoji` (sentences), `music` (melodies) and `lesson` (letters, adding problem), listed
in `registry`. `rnn`, `lstm`, `gru` and `mingru` are the cells in NumPy, `layers` has
TensorFlow, `training` the loop of all tasks. `runs` executes and stores trainings,
`comparison`, `takeaway` and `figures` present results, and `table` reads CSV files.
"""

__version__ = "1.0.0"
