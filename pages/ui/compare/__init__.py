"""Parts of the comparison of runs, which a shared comparison has as well."""
