"""Where prices come from besides a file: bundled series, and Yahoo Finance."""
