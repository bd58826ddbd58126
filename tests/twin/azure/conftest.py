"""A local Azure for each test: the reference estate alone, or with a service in it."""

import pytest

from tests.support.arm import LocalAzure, local_azure
from tests.support.service import Service, a_service


@pytest.fixture
def azure() -> LocalAzure:
    return local_azure()


@pytest.fixture
def service() -> Service:
    return a_service()
