"""The configuration: files, settings for each path, and the command line's share."""
