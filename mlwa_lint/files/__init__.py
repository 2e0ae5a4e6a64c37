"""Reads files, and says what their paths and lines are."""
