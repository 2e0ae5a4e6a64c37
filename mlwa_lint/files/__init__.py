"""Reads files, and gives their paths and lines as they are shown."""
