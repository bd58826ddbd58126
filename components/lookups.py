"""Questions to Azure about what exists already.

The SDK's own functions end a program with a traceback when something does not exist, and a mistyped name deserves a
sentence. Questions are asked in previews too, as soon as everything in them is known.
"""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any, TypeVar

import pulumi

from .checks.place import quoted

T = TypeVar("T")


def look_up(
    what: str,
    token: str,
    result: type[T],
    arguments: Mapping[str, pulumi.Input[str]],
    *,
    parent: pulumi.Resource,
    provider: pulumi.ProviderResource | None = None,
    advice: str = "Correct the name, or let the identity that deploys read it",
) -> pulumi.Output[T]:
    """The answer of the provider function `token`, such as cognitiveservices:getAccount, as `result`.

    `arguments` go from the thing itself to what it is in. RunError says that `what` could not be read, what to
    do (`advice`), and Azure's reason.
    """

    async def ask(values: dict[str, Any]) -> T:
        # The version of the SDK, as its own functions say it: else Pulumi would start a second provider.
        options = pulumi.InvokeOptions(parent=parent, provider=provider, version=version("pulumi-azure-native"))
        try:
            return await pulumi.runtime.invoke_async(f"azure-native:{token}", values, options, typ=result)
        except Exception as error:
            asked = " in ".join(quoted(value) for value in values.values())
            raise pulumi.RunError(
                f"{what} {asked} cannot be read. {advice}. Azure's answer: {_answer(error)}"
            ) from error

    return pulumi.Output.all(**arguments).apply(ask)


def _answer(error: Exception) -> str:
    """Azure's own words, without what Pulumi and the provider put before them."""
    text = str(error)
    return text[max(text.find("Status="), 0) :]
