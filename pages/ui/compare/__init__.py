"""The comparison of runs, on its own page and on a shared one."""
