"""Many small cases as few tests: pytest needs a millisecond for each test, and such a case far less."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

import pytest

Case = TypeVar("Case")
_SIZE = 40


def bundled(
    cases: Iterable[Case], name: Callable[[Case], str] = str, size: int = _SIZE
) -> Callable[[Callable[[Case], None]], Callable[..., None]]:
    """Runs a test for all of some cases, `size` of them as one test of pytest; each failing one is reported.

    For cases that need no fixture. name: what a case is called in reports.
    """
    every = list(cases)
    bundles = [every[start : start + size] for start in range(0, len(every), size)]

    def decorate(test: Callable[[Case], None]) -> Callable[..., None]:
        def run(bundle: Sequence[Case]) -> None:
            failures: list[Exception] = []
            for case in bundle:
                try:
                    test(case)
                except Exception as error:  # noqa: BLE001 - all failing cases are reported, and not the first
                    error.add_note(f"case: {name(case)}")
                    failures.append(error)
            if failures:
                raise ExceptionGroup(f"{len(failures)} of {len(bundle)} cases fail", failures)

        run.__name__, run.__doc__, run.__module__ = test.__name__, test.__doc__, test.__module__
        parameters: list[Any] = [pytest.param(each, id=f"{name(each[0])} …") for each in bundles]
        return pytest.mark.parametrize("bundle", parameters)(run)

    return decorate
