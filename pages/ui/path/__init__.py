"""The guided path: its ten stations, the progress, its line on every page."""
