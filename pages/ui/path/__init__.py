"""The guided path: its ten stations, what is done of them, its line on every page."""
