"""What well-known modules stand for, one module per author and topic."""
