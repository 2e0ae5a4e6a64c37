"""Reads files, and says what their paths and lines are."""

# The ending of Jupyter notebooks, for those that do not read any.
NOTEBOOK = ".ipynb"
