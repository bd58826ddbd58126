"""What tests in several places need."""

from collections.abc import Iterator

import pytest

from tests.support.servers import Loop


@pytest.fixture(scope="session")
def loop() -> Iterator[Loop]:
    """Where servers run while tests call them."""
    made = Loop()
    yield made
    made.close()
