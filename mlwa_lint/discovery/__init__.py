"""From paths to targets: which files are linted together, and as what.

`search` walks the paths, `recognition` decides from a file's content what it is, and `stacks`,
`configurations` and `groups` put together what refers to one another.
"""
