"""Load of a whole class: many sessions that behave like students, and what they see."""
