"""A class at work: started, joined, with tasks, and its line on every page."""
