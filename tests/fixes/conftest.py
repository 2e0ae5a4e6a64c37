"""The failing examples of rules that propose changes, each fixed once for all tests of a process."""

import pytest

from tests.support.fixing import FixedTwice, fixed_twice, with_changes


@pytest.fixture(scope="session")
def fixed_examples(tmp_path_factory: pytest.TempPathFactory) -> tuple[FixedTwice, ...]:
    """Every failing example of which something is proposed, fixed twice."""
    folder = tmp_path_factory.mktemp("examples").resolve()
    return tuple(look for example in with_changes() if (look := fixed_twice(example, folder)))
