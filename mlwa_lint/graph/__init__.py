"""The resource graph: linking, and the queries that rules use."""
