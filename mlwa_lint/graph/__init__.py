"""The resource graph: linking, and the questions that rules ask of it."""
