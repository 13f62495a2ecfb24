"""The guided path: its stations, the progress, its line on every page."""
