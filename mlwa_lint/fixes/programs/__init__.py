"""Python programs: edits of calls and dict literals."""
