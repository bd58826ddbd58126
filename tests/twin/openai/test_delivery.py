"""When an answer begins, how fast it goes on, how it ends too early, and what is booked then."""

from typing import Any

import pytest

from tests.support.accounts import AT_ONCE, CHAT_PATH, MESSAGES, Simulation, Told, request
from twin.clock import NEVER
from twin.messages import Broken, Response
from twin.openai.faults import Fault
from twin.openai.settings import Behaviour, Deployment

SLOW = Behaviour(first_token=1.0, tokens_per_second=10)
PTU = Deployment("gpt-4o", "gpt-4o", "ProvisionedManaged", 24)  # 60,000 tokens a minute, 1,000 at once
PROMPT_TOKENS = len("userhello") // 4


def stream(**body: Any) -> dict[str, Any]:
    return {"messages": MESSAGES, "stream": True, **body}


class Reader:
    """Reads a stream and notes when each event came."""

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        self.begun = simulation.clock.now()
        self.head = NEVER
        self.events: list[bytes] = []
        self.moments: list[float] = []

    async def read(self, body: dict[str, Any], *, events: float = NEVER) -> Response:
        """Read to the end, or hang up after so many events."""
        clock = self.simulation.clock
        response = await self.simulation.account.answer(request(CHAT_PATH, body))
        self.head = clock.now() - self.begun
        assert response.stream is not None
        async for event in response.stream:
            self.events.append(event)
            self.moments.append(round(clock.now() - self.begun, 6))
            if len(self.events) == events:
                break
        await response.close()
        return response


def outcome(simulation: Simulation) -> tuple[int, str]:
    [visit] = simulation.account.visits.entries()
    return visit["status"], visit["outcome"]


def booked(simulation: Simulation) -> float:
    """Tokens that count against a provisioned deployment at this moment."""
    answer = simulation.ask(CHAT_PATH, {"messages": MESSAGES, "max_tokens": 1})
    return 1_000 - int(answer.headers.get("x-ratelimit-remaining-tokens"))


class TestPace:
    def test_a_whole_answer_takes_its_first_token_and_all_the_others(self):
        told = Simulation(behaviour=SLOW).chat(max_tokens=50)
        assert told.seconds == pytest.approx(1 + told.json["usage"]["completion_tokens"] / 10)

    def test_an_embedding_takes_no_longer_than_its_first_token(self):
        told = Simulation(behaviour=SLOW).ask("/openai/deployments/ada/embeddings?api-version=1", {"input": "x" * 400})
        assert told.seconds == 1

    def test_the_head_of_a_stream_leaves_with_its_first_event_and_the_others_follow_evenly(self):
        simulation = Simulation(behaviour=SLOW)
        reader = Reader(simulation)
        simulation.run(reader.read(stream()))
        assert reader.head == 1
        assert reader.moments == [pytest.approx(1 + number / 10) for number in range(len(reader.events))]
        assert outcome(simulation) == (200, "answered")

    def test_the_first_token_varies_by_its_spread_and_alike_for_the_same_seed(self):
        def seconds(seed: int) -> list[float]:
            simulation = Simulation(seed=seed, behaviour=Behaviour(1.0, 0.5, 1e9))
            return [simulation.chat(max_tokens=1).seconds for _ in range(400)]

        first = seconds(1)
        assert first == seconds(1) != seconds(2)
        assert sorted(first)[200] == pytest.approx(1.0, rel=0.1)  # the median is what was asked for
        assert sum(1 / 1.65 < one < 1.65 for one in first) == pytest.approx(0.68 * 400, abs=40)  # one sigma

    def test_errors_take_their_own_time(self):
        simulation = Simulation(behaviour=Behaviour(1.0, error=0.05))
        assert simulation.ask("/nowhere").seconds == pytest.approx(0.05)


class TestStreams:
    def test_a_stream_ends_with_done(self):
        told = Simulation().ask(CHAT_PATH, stream(stream_options={"include_usage": True}))
        assert told.headers.get("content-type") == "text/event-stream; charset=utf-8"
        assert told.events[-1] == "[DONE]"
        assert told.events[-2]["choices"] == []
        assert told.events[-2]["usage"]["prompt_tokens"] == PROMPT_TOKENS

    def test_a_completion_streams_too(self):
        path = "/openai/deployments/gpt-4o/completions?api-version=1"
        streamed = Simulation().ask(path, {"prompt": "hello", "stream": True}).events
        whole = Simulation().ask(path, {"prompt": "hello"}).json
        text = "".join(one["choices"][0]["text"] for one in streamed[:-1])
        assert len(text.split()) >= 1
        assert streamed[-2]["choices"][0]["finish_reason"] == whole["choices"][0]["finish_reason"] == "stop"

    def test_embeddings_never_stream(self):
        told = Simulation().ask("/openai/deployments/ada/embeddings?api-version=1", {"input": "x", "stream": True})
        assert told.json["object"] == "list"


class TestCuts:
    def test_a_stream_breaks_off_after_so_many_events(self):
        simulation = Simulation()
        simulation.account.faults.add(Fault(cut_after=3))
        reader = Reader(simulation)
        with pytest.raises(Broken, match="after 3 events"):
            simulation.run(reader.read(stream()))
        assert len(reader.events) == 3
        assert outcome(simulation) == (200, "broken off")

    def test_a_stream_may_break_off_before_its_first_event(self):
        simulation = Simulation()
        simulation.account.faults.add(Fault(cut_after=0))
        reader = Reader(simulation)
        with pytest.raises(Broken):
            simulation.run(reader.read(stream()))
        assert reader.events == []

    def test_a_whole_answer_breaks_off_half_way_and_says_how_long_it_would_have_been(self):
        whole = Simulation().chat().content
        simulation = Simulation()
        simulation.account.faults.add(Fault(cut_after=3))

        async def read() -> tuple[str, bytes]:
            response = await simulation.account.answer(request(CHAT_PATH, {"messages": MESSAGES}))
            assert response.stream is not None
            part = await anext(response.stream)
            with pytest.raises(Broken, match="half-way"):
                await anext(response.stream)
            return response.headers.get("content-length"), part

        assert simulation.run(read()) == (str(len(whole)), whole[: len(whole) // 2])
        assert outcome(simulation) == (200, "broken off")


class TestHangingUp:
    def test_before_an_answer_it_is_noted_and_only_the_prompt_stays_booked(self):
        simulation = Simulation(PTU, behaviour=Behaviour(first_token=1.0, tokens_per_second=10))

        async def give_up() -> None:
            work = simulation.account.answer(request(CHAT_PATH, {"messages": MESSAGES, "max_tokens": 500}))
            await simulation.clock.first(work, simulation.clock.sleep(0.001))

        simulation.run(give_up())
        assert outcome(simulation) == (0, "caller hung up")
        assert booked(simulation) <= PROMPT_TOKENS + 10

    @pytest.mark.parametrize("events", [1, 5])
    def test_in_a_stream_it_ends_the_work_and_what_was_written_stays_booked(self, events: int):
        simulation = Simulation(PTU)
        reader = Reader(simulation)
        simulation.run(reader.read(stream(max_tokens=900), events=events))
        assert outcome(simulation) == (200, "caller hung up")
        assert PROMPT_TOKENS + events - 1 <= booked(simulation) - PROMPT_TOKENS <= PROMPT_TOKENS + events + 2

    def test_before_the_first_event_is_read_it_is_noted_all_the_same(self):
        simulation = Simulation(PTU)

        async def leave() -> None:
            response = await simulation.account.answer(request(CHAT_PATH, stream(max_tokens=900)))
            await response.close()

        simulation.run(leave())
        assert outcome(simulation) == (200, "caller hung up")
        assert booked(simulation) < 20

    def test_on_a_silent_account_it_is_noted(self):
        simulation = Simulation()
        simulation.account.faults.add(Fault(connection="hang"))

        async def give_up() -> None:
            work = simulation.account.answer(request(CHAT_PATH, {"messages": MESSAGES}))
            await simulation.clock.first(work, simulation.clock.sleep(60))

        simulation.run(give_up())
        assert outcome(simulation) == (0, "caller hung up")


def test_answers_do_not_wait_for_one_another():
    simulation = Simulation(behaviour=SLOW)

    async def together() -> list[Told]:
        bodies = ({"messages": MESSAGES, "max_tokens": 10, "user": str(number)} for number in range(50))
        return await simulation.clock.together(*(simulation.answer(request(CHAT_PATH, body)) for body in bodies))

    assert max(told.seconds for told in simulation.run(together())) <= 2
    assert AT_ONCE.first_token == 0
