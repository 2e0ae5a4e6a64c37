"""What well-known modules create, one module per author and topic."""
