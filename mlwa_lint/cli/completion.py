"""`mlwa-lint completion`."""

import click
from click.shell_completion import get_completion_class

from mlwa_lint.cli.commands import app
from mlwa_lint.cli.writing import write_stdout

_VARIABLE = "_MLWA_LINT_COMPLETE"


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> int:
    """Print a completion script for a shell.

    \b
    bash: mlwa-lint completion bash > ~/.local/share/bash-completion/completions/mlwa-lint
    zsh:  mlwa-lint completion zsh > ~/.zfunc/_mlwa-lint   (with fpath+=~/.zfunc)
    fish: mlwa-lint completion fish > ~/.config/fish/completions/mlwa-lint.fish
    """
    found = get_completion_class(shell)
    assert found is not None
    script = found(app, {}, "mlwa-lint", _VARIABLE)
    # `source()` would run bash to learn its version; the template alone needs no shell here.
    write_stdout(script.source_template % script.source_vars() + "\n")
    return 0
