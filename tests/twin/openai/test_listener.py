"""The socket of the accounts, called without a gateway."""

import contextlib
import json
from collections.abc import Iterator

import pytest

from tests.support.accounts import AT_ONCE, CHAT_PATH, GPT, KEY, MESSAGES
from tests.support.servers import Loop, eventually
from tests.support.sockets import Peer, connection
from twin.bearer import Issuer
from twin.chance import Chance
from twin.clock import RealClock
from twin.openai.account import Account
from twin.openai.faults import Fault
from twin.openai.listener import AccountsListener
from twin.openai.settings import Settings

ACCOUNT = "aoai-1.openai.azure.com"


class Accounts:
    """One account under its host."""

    def __init__(self) -> None:
        settings = Settings("aoai-1", ACCOUNT, deployments=(GPT,), keys=frozenset({KEY}), behaviour=AT_ONCE)
        self.account = Account(settings, RealClock(), Chance(1), Issuer("tenant", b"s" * 32), keep=10)

    def at(self, host: str) -> Account | None:
        return self.account if host == ACCOUNT else None

    def all(self) -> list[Account]:
        return [self.account]


@pytest.fixture
def accounts() -> Accounts:
    return Accounts()


@contextlib.contextmanager
def calling(loop: Loop, accounts: Accounts, *, connected: bool = False) -> Iterator[Peer]:
    async def start() -> AccountsListener:
        listener = AccountsListener(accounts, 0, connected=connected)
        await listener.start()
        return listener

    listener = loop.run(start())
    try:
        with connection(listener.url) as caller:
            yield caller
    finally:
        loop.run(listener.stop())


def ask(caller: Peer, host: str = ACCOUNT, **body: object) -> None:
    content = json.dumps({"messages": MESSAGES, **body})
    length = f"Content-Length: {len(content)}"
    caller.send(f"POST {CHAT_PATH} HTTP/1.1\r\nHost: {host}\r\napi-key: {KEY}\r\n{length}\r\n\r\n{content}")


def test_an_account_answers_under_its_host(loop: Loop, accounts: Accounts) -> None:
    with calling(loop, accounts) as caller:
        ask(caller)
        head = caller.read_head()
        body = json.loads(caller.read(int(head.get("Content-Length"))))
    assert (head.status, body["object"]) == (200, "chat.completion")


def test_another_host_is_told_which_ones_there_are(loop: Loop, accounts: Accounts) -> None:
    with calling(loop, accounts) as caller:
        ask(caller, host="aoai-2.openai.azure.com")
        head = caller.read_head()
        message = json.loads(caller.read(int(head.get("Content-Length"))))["error"]["message"]
    assert head.status == 404
    assert message.startswith(
        "No simulated account has the host aoai-2.openai.azure.com. Accounts here: aoai-1.openai.azure.com."
    )
    assert accounts.account.visits.count == 0


@pytest.mark.parametrize("connection_fault", ["refused", "dns", "tls", "reset"])
def test_a_connection_that_fails_ends_in_a_reset(loop: Loop, accounts: Accounts, connection_fault: str) -> None:
    accounts.account.faults.add(Fault(connection=connection_fault))
    with calling(loop, accounts) as caller:
        ask(caller)
        assert caller.read_to_the_end() == (b"", True)


def test_who_was_given_a_connection_is_not_refused_another_time(loop: Loop, accounts: Accounts) -> None:
    accounts.account.faults.add(Fault(connection="refused"))
    with calling(loop, accounts, connected=True) as caller:
        ask(caller)
        assert caller.read_head().status == 200


def test_an_answer_that_breaks_off_ends_in_a_reset(loop: Loop, accounts: Accounts) -> None:
    accounts.account.faults.add(Fault(cut_after=1))
    with calling(loop, accounts) as caller:
        ask(caller)
        length = int(caller.read_head().get("Content-Length"))
        body, reset = caller.read_to_the_end()
    assert reset
    assert 0 < len(body) < length


def test_a_stream_that_breaks_off_ends_in_a_reset(loop: Loop, accounts: Accounts) -> None:
    accounts.account.faults.add(Fault(cut_after=2))
    with calling(loop, accounts) as caller:
        ask(caller, stream=True)
        caller.read_head()
        body, reset = caller.read_to_the_end()
    assert reset
    assert body.count(b"data: ") == 2
    assert b"[DONE]" not in body


def test_a_prompt_of_two_mebibytes_is_taken(loop: Loop, accounts: Accounts) -> None:
    with calling(loop, accounts) as caller:
        ask(caller, user="x" * 2 * 1024**2)
        assert caller.read_head().status == 200


def test_a_caller_that_hangs_up_ends_the_work(loop: Loop, accounts: Accounts) -> None:
    accounts.account.faults.add(Fault(connection="hang"))
    with calling(loop, accounts) as caller:
        ask(caller)
        eventually(lambda: accounts.account.visits.count == 1)
        caller.close()
    assert [visit["outcome"] for visit in accounts.account.visits.entries()] == ["caller hung up"]
