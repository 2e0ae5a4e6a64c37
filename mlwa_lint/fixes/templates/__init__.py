"""YAML and JSON templates: their text as a tree, and edits of it."""
