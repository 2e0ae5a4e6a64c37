"""The configuration: files, settings for each path, and options of the command line."""
