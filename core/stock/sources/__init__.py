"""Sources of prices besides files: bundled series, and Yahoo Finance."""
