"""`python -m mlwa_lint`, as safe in a folder that is not trusted as the console script."""

import os
import sys


def _leave_out_current_folder() -> None:
    """Removes the current folder from the import path, where Python puts it first for `-m`.

    A linted repository may have a `json.py` or a `yaml.py`, which would be imported, that is run.
    """
    if sys.flags.safe_path:
        return
    try:
        current = os.getcwd()  # noqa: PTH109 - `pathlib` would be imported from the folder
    except OSError:
        return  # the folder is gone, and Python has left it out
    if sys.path[:1] == [current]:
        del sys.path[0]


if __name__ == "__main__":
    _leave_out_current_folder()
    from mlwa_lint.cli import main

    main()
