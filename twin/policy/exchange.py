"""One call on its way through a policy: the request, the answer so far, and what expressions see of both."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from .. import messages
from ..backends.forwarder import CONNECTION_FAILURE, Target
from . import context as c
from .examples import Example
from .fault import PolicyFault
from .place import NOWHERE, Place
from .views import BodyView, response_view, url_view
from .world import World


@dataclass(slots=True)
class Exchange:
    """`request` is what the next attempt sends; its URL holds the path below the backend's own.

    `base` is the address below which context.Request.Url shows it: the API's, the one that a policy names, or the
    gateway's own where there is none.

    `at` is the element that runs: an error is reported with it. `body_sent`: an attempt has sent the body without
    keeping it. `examples` are what the operation's definition says of its answers.

    What an element has to do later it appends: to `after_backend` what needs the backend's answer (it runs before
    outbound, and not at all where an error comes first), to `at_end` what is left when the caller's answer stands.
    """

    request: messages.Request
    context: c.Context
    world: World
    target: Target
    base: messages.Url
    response: messages.Response | None = None
    at: Place = NOWHERE
    body_sent: bool = False
    examples: Sequence[Example] = ()
    after_backend: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    at_end: list[Callable[[], Awaitable[None]]] = field(default_factory=list)

    def now(self) -> float:
        return self.world.clock.now()

    def respond(self, response: messages.Response | None) -> None:
        """This is the answer from now on."""
        self.response = response
        self.context.response = None if response is None else response_view(response)

    async def replace_answer(self, response: messages.Response | None) -> None:
        """This is the answer from now on, and nobody wants the rest of the one before."""
        if self.response is not None and self.response is not response:
            await self.response.close()
        self.respond(response)

    async def hold_answer(self) -> None:
        """See to it that the answer's body is here whole: expressions cannot wait for it."""
        if self.response is not None and self.response.stream is not None:
            try:
                await self.response.read()
            except messages.Broken as broken:
                raise PolicyFault(CONNECTION_FAILURE, str(broken)) from broken

    def set_status(self, code: int, reason: str) -> None:
        if self.response is None or self.context.response is None:
            self.respond(messages.Response(code, reason))
            return
        self.response.status = self.context.response.status_code = code
        self.response.reason = self.context.response.status_reason = reason

    def set_method(self, method: str) -> None:
        self.request.method = self.context.request.method = method

    def set_body(self, body: bytes) -> None:
        """What the backend gets; a request that came without a body has one in context.Request from now on."""
        self.request.body = body
        if self.context.request.body is None:
            self.context.request.body = BodyView(self.request)

    def send_below(self, base: messages.Url) -> None:
        """Attempts go to an address of their own from now on."""
        self.target, self.base = Target(base=base), base
        self.show_url(self.request.url.below(base))

    def send_to(self, url: messages.Url) -> None:
        """The request's path and query from now on."""
        self.request.url = url
        self.show_url(url.below(self.base))

    def show_url(self, url: messages.Url) -> None:
        """context.Request.Url is "the current value of the full backend URL" (MicrosoftDocs/azure-docs#16317)."""
        self.context.request.see_url = lambda: url_view(url)
