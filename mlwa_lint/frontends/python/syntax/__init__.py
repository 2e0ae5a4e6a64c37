"""Files and notebooks into syntax trees, with the place of every node."""
