"""From paths to targets: which files are linted together, and as what."""
