"""A server of the Model Context Protocol, for coding agents that lint and explore. It writes nothing."""
