"""All accounts behind one socket: who is meant, what goes through, and how a connection ends."""

import asyncio
import gzip
import io
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from tests.support.accounts import CHAT_PATH, GPT, KEY, MESSAGES, SECRET
from twin.bearer import Issuer
from twin.chance import Chance
from twin.clock import RealClock
from twin.loopback import PortTaken
from twin.openai.account import Account
from twin.openai.faults import Fault
from twin.openai.listener import AccountsListener
from twin.openai.settings import Behaviour, Settings

HEADERS = {"Host": "aoai-1.openai.azure.com", "api-key": KEY}
CHAT = {"messages": MESSAGES}
ENDLESS = Behaviour(first_token=0.0, tokens_per_second=0.001)


class Two:
    """Two accounts, the second of which takes a quarter of an hour for each token."""

    def __init__(self) -> None:
        self.accounts = [self._made("aoai-1", Behaviour(0.0, 0.0, 1e9)), self._made("endless", ENDLESS)]

    def _made(self, name: str, behaviour: Behaviour) -> Account:
        settings = Settings(
            name, f"{name}.openai.azure.com", deployments=(GPT,), keys=frozenset({KEY}), behaviour=behaviour
        )
        return Account(settings, RealClock(), Chance(1), Issuer("tenant", SECRET), keep=10)

    def at(self, host: str) -> Account | None:
        return next((one for one in self.accounts if host.split(":")[0] == one.host), None)

    def all(self) -> Iterable[Account]:
        return self.accounts


@asynccontextmanager
async def listening() -> AsyncIterator[tuple[Two, str, aiohttp.ClientSession]]:
    two = Two()
    listener = AccountsListener(two, port=0)
    await listener.start()
    try:
        async with aiohttp.ClientSession() as session:
            yield two, listener.url, session
    finally:
        await listener.stop()


async def outcome(account: Account) -> str:
    """How the account's only request ended, as soon as it has."""
    while account.visits.entries()[0]["outcome"] == "under way":
        await asyncio.sleep(0)
    [visit] = account.visits.entries()
    return visit["outcome"]


def run(work: Any) -> Any:
    return asyncio.run(asyncio.wait_for(work, 30))


def test_the_host_header_says_which_account_is_meant():
    async def story() -> None:
        async with listening() as (two, url, session):
            async with session.post(url + CHAT_PATH, json=CHAT, headers=HEADERS) as answer:
                assert answer.status == 200
                assert answer.headers["x-ms-region"] == "East US 2"
                assert (await answer.json())["object"] == "chat.completion"
            assert [account.visits.count for account in two.accounts] == [1, 0]

    run(story())


def test_an_unknown_host_is_told_which_accounts_there_are():
    async def story() -> None:
        async with listening() as (_, url, session), session.get(url + "/openai/models") as answer:
            assert answer.status == 404
            message = (await answer.json())["error"]["message"]
            assert message.startswith("No simulated account has the host 127.0.0.1")
            assert "aoai-1.openai.azure.com, endless.openai.azure.com" in message

    run(story())


def test_a_stream_comes_event_by_event():
    async def story() -> None:
        async with (
            listening() as (_, url, session),
            session.post(url + CHAT_PATH, json={**CHAT, "stream": True}, headers=HEADERS) as answer,
        ):
            assert answer.content_type == "text/event-stream"
            text = (await answer.read()).decode()
            assert text.endswith("data: [DONE]\n\n")
            assert json.loads(text.split("\n\n")[1][6:])["choices"][0]["delta"]["role"] == "assistant"

    run(story())


def test_a_prompt_of_many_megabytes_is_taken():
    async def story() -> None:
        body = json.dumps({"messages": [{"role": "user", "content": "x" * 5_000_000}]}).encode()
        async with listening() as (two, url, session):
            async with session.post(url + CHAT_PATH, data=io.BytesIO(body), headers=HEADERS) as answer:
                assert answer.status == 429  # it has come through whole: its estimate is over the limit
            assert two.accounts[0].visits.entries()[0]["body_bytes"] == len(body)

    run(story())


def test_a_compressed_body_is_unpacked_once():
    async def story() -> None:
        body = gzip.compress(json.dumps(CHAT).encode())
        headers = {**HEADERS, "Content-Encoding": "gzip"}
        async with listening() as (two, url, session):
            async with session.post(url + CHAT_PATH, data=body, headers=headers) as answer:
                assert answer.status == 200
            assert two.accounts[0].visits.entries()[0]["body_bytes"] == len(body)

    run(story())


@pytest.mark.parametrize("streaming", [True, False])
def test_a_caller_that_hangs_up_ends_the_work(streaming: bool):
    async def story() -> None:
        async with listening() as (two, url, session):
            headers = {**HEADERS, "Host": "endless.openai.azure.com"}
            call = session.post(url + CHAT_PATH, json={**CHAT, "stream": streaming}, headers=headers)
            if streaming:
                async with call as answer:
                    await answer.content.readany()
                    answer.close()
            else:
                asked = asyncio.ensure_future(call.__aenter__())
                while not two.accounts[1].visits.count:
                    await asyncio.sleep(0)
                asked.cancel()
                await asyncio.gather(asked, return_exceptions=True)
            assert await outcome(two.accounts[1]) == "caller hung up"

    run(story())


@pytest.mark.parametrize("streaming", [True, False])
def test_an_answer_that_breaks_off_never_looks_complete(streaming: bool):
    async def story() -> None:
        async with listening() as (two, url, session):
            two.accounts[0].faults.add(Fault(cut_after=3))
            body = {**CHAT, "stream": streaming}
            async with session.post(url + CHAT_PATH, json=body, headers=HEADERS) as answer:
                assert answer.status == 200
                with pytest.raises(aiohttp.ClientError):
                    await answer.read()
            assert await outcome(two.accounts[0]) == "broken off"

    run(story())


@pytest.mark.parametrize("connection", ["refused", "dns", "tls", "reset"])
def test_a_lost_connection_gives_no_answer(connection: str):
    async def story() -> None:
        async with listening() as (two, url, session):
            two.accounts[0].faults.add(Fault(connection=connection))
            with pytest.raises(aiohttp.ClientConnectionError):
                await session.post(url + CHAT_PATH, json=CHAT, headers=HEADERS)

    run(story())


def test_a_silent_account_hears_that_its_caller_gave_up():
    async def story() -> None:
        async with listening() as (two, url, session):
            two.accounts[0].faults.add(Fault(connection="hang"))
            asked = asyncio.ensure_future(session.post(url + CHAT_PATH, json=CHAT, headers=HEADERS).__aenter__())
            while not two.accounts[0].visits.count:
                await asyncio.sleep(0)
            asked.cancel()
            await asyncio.gather(asked, return_exceptions=True)
            assert await outcome(two.accounts[0]) == "caller hung up"

    run(story())


def test_a_port_in_use_is_told():
    async def story() -> None:
        async with listening() as (two, url, _):
            port = int(url.rpartition(":")[2])
            with pytest.raises(PortTaken, match=f"Port {port} on 127.0.0.1 is in use by another program"):
                await AccountsListener(two, port=port).start()

    run(story())
