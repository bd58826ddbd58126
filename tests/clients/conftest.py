"""The reference deployment behind real sockets, for clients that do not know that it is a twin."""

from collections.abc import Iterator

import pytest

from tests.support.servers import Loop, Servers, serving
from tests.support.simulated import reference_store

# What callers of the whole surface need: model lists, and responses that are read and deleted.
EVERY_METHOD = {"methods": ["POST", "GET", "DELETE"]}


@pytest.fixture
def servers(loop: Loop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """One account takes all calls for as long as it is well: what is stored on it is found again."""
    with serving(loop, tmp_path_factory.mktemp("twin"), reference_store(api=EVERY_METHOD)) as running:
        yield running
