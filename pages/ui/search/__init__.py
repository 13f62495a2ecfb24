"""Searches for settings: their set-up on a task's page, and the page of a search."""
