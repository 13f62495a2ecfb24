"""The page of a task, and of a run of it that is only looked at."""
