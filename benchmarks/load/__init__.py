"""Load of a class: many simulated sessions, and the response times for them."""
