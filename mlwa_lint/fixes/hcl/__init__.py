"""Terraform modules: their text as blocks, and edits of it."""
