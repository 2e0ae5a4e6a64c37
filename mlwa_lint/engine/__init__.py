"""Runs rules over a graph in every world, and merges their claims into findings."""
