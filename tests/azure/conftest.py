"""The gateway of the stories: on the twin with every run, in a subscription for whoever asks for it."""

import os
import uuid
from collections.abc import Iterator

import pytest

from tests.support import clouds
from tests.support.clouds import Cloud
from tests.support.gateways import Gateway, reference
from tests.support.wheel import ROOT

GROUP = f"rg-apim-ai-gateway-tests-{uuid.uuid4().hex[:8]}"


@pytest.fixture(scope="module")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    with clouds.local_twin(tmp_path_factory.mktemp("twin")) as made:
        yield made


@pytest.fixture(scope="module")
def subscription() -> Cloud:
    if missing := clouds.missing(os.environ):
        pytest.skip(f"{clouds.COSTS} To agree and to run it, set or install: {'; '.join(missing)}. See docs/azure.md.")
    # It outlives a run that is killed, so that somebody can take down what that left.
    folder = ROOT / "build" / "azure" / GROUP
    folder.mkdir(parents=True)
    return clouds.subscription(os.environ, folder)


@pytest.fixture(
    scope="module",
    params=[
        pytest.param("twin", marks=[pytest.mark.engine, pytest.mark.xdist_group("stories")]),
        pytest.param("subscription", marks=pytest.mark.azure),
    ],
)
def gateway(request: pytest.FixtureRequest) -> Iterator[Gateway]:
    """The reference, deployed. Whatever the stories leave of it is taken down at the end, and its name given back."""
    cloud: Cloud = request.getfixturevalue(request.param)
    made = reference(cloud, GROUP)
    try:
        made.up()
        yield made
    finally:
        if made.exists:
            made.destroy()
        if made.outputs and made.service in cloud.deleted_services():
            cloud.purge(made.service)
