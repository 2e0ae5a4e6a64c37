"""Runs rules over a graph in every world, and merges what they say into findings."""
