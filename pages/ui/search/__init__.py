"""Searches for settings: where they begin on a task's page, and what comes of them."""
