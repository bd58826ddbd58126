from collections.abc import Iterator

import pytest

from tests.twin.provider.engine import SUBSCRIPTION, Engine, engine
from tests.twin.provider.scripted_arm import ScriptedArm, scripted_arm


@pytest.fixture
def arm() -> Iterator[ScriptedArm]:
    with scripted_arm() as running:
        yield running


@pytest.fixture
def configured(arm: ScriptedArm) -> Iterator[Engine]:
    with engine({"ARM_METADATA_HOSTNAME": arm.url, "ARM_SUBSCRIPTION_ID": SUBSCRIPTION}) as running:
        running.configure()
        yield running
