"""The student's page of a class, its forms, and the class line on every page."""
