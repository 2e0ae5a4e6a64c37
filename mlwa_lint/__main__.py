"""`python -m mlwa_lint`."""

from mlwa_lint.cli import main

if __name__ == "__main__":
    main()
