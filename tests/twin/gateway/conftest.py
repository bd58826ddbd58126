"""A gateway between a caller and a backend that are both the test's own."""

from collections.abc import Iterator

import pytest

from tests.support.servers import Loop, Proxy, proxying
from tests.support.sockets import Backend, Peer, backend, connection


@pytest.fixture
def account() -> Iterator[Backend]:
    with backend() as made:
        yield made


@pytest.fixture
def proxy(loop: Loop, account: Backend) -> Iterator[Proxy]:
    with proxying(loop, account.url) as running:
        yield running


@pytest.fixture
def caller(proxy: Proxy) -> Iterator[Peer]:
    with connection(proxy.url) as peer:
        yield peer
