"""Gives meaning to the modules of a Terraform project."""
