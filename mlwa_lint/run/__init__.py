"""From paths and settings to a result.

`pipeline` is one run, stage by stage; `session` what a command line works with. `schedule` decides which
targets the `cache` knows and which `workers` evaluate; `evaluation` lints one target, and `veil` removes
secrets from what leaves it.
"""
