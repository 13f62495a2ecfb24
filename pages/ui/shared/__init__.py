"""What somebody sees who follows a link to a run."""
