"""The general page of a task, and the read-only page of a shared run."""
