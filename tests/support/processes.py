"""Processes of their own, for tests of what is loaded there."""

import os
from collections.abc import Mapping


def uncounted() -> Mapping[str, str]:
    """The environment without what has coverage measured: it loads modules that a test looks for."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
