"""The configuration: files, settings for each path, and options of the command line.

`lookup` finds the file that applies to a path, `file` reads it against `schema`, and `settings` combines both
with `command_line`, which takes precedence.
"""
