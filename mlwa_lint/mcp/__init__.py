"""A server of the Model Context Protocol, for coding agents that lint and look around. It writes nothing."""
