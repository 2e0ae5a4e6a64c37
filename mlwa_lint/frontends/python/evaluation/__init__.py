"""Evaluates Python's statements and expressions before they run, where that is possible."""
