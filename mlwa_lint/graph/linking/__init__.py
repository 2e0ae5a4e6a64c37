"""Makes a graph of a project's resources."""
