"""PyYAML, whose regular expressions are compiled when they are first used: libyaml's parser needs none.

Measured (benchmarks/startup.py): 6 ms less, where `import click, yaml` takes 58 on the same, busy machine.
The largest, of all characters that YAML allows, takes 4 of them.
"""

import re

from mlwa_lint.startup.patterns import lazy

_compile = re.compile
vars(re)["compile"] = lazy
try:
    import yaml
finally:
    vars(re)["compile"] = _compile

__all__ = ["yaml"]
