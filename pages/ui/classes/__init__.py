"""The page of a class for teacher and students, and the class line on every page."""
