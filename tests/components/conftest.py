"""What tests of several components need."""

import asyncio
from collections.abc import Iterator

import pulumi
import pytest


@pytest.fixture
def later() -> Iterator[pulumi.Output[str]]:
    """What is known only during the deployment. It can be made only where an event loop runs."""

    async def output() -> pulumi.Output[str]:
        return pulumi.Output.from_input("x")

    with asyncio.Runner() as runner:
        yield runner.run(output())
