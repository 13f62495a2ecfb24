"""Side-by-side timings, run by `make bench`."""
