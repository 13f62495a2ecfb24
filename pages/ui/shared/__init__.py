"""The page of shared runs, for visitors with a link and for a class."""
