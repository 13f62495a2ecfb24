"""A class at work: many sessions that behave like students, and what they see."""
