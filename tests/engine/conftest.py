"""One deployment of the reference for each worker, brought back for every test that starts from it."""

from collections.abc import Iterator

import pytest

from tests.support.twin import Stack, World, empty_stack, reference_settings


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, World, World]]:
    """A stack, the world in which nothing is deployed, and the one in which the reference is."""
    folder = tmp_path_factory.mktemp("twin")
    with empty_stack(folder) as stack:
        nothing = stack.put_aside(folder / "nothing")
        stack.up()
        yield stack, nothing, stack.put_aside(folder / "deployed")


@pytest.fixture
def stack(shared: tuple[Stack, World, World]) -> Stack:
    """A stack of which nothing is deployed, configured as Pulumi.dev.yaml says."""
    made, nothing, _ = shared
    made.bring_back(nothing)
    made.settings = reference_settings()
    return made


@pytest.fixture
def deployed(shared: tuple[Stack, World, World]) -> Stack:
    """The reference, deployed."""
    made, _, reference = shared
    made.bring_back(reference)
    made.settings = reference_settings()
    return made
