import base64
import json
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.openai import answers, tokens
from twin.openai.answers import Asked

CHAT = {"messages": [{"role": "user", "content": "hello there"}], "max_tokens": 20}


def asked(**body: Any) -> Asked:
    return Asked("42", "gpt-4o", 1_700_000_000, body)


def test_the_same_request_is_answered_with_the_same_text_and_another_one_with_another():
    first, again = (answers.chat_completion(asked(**CHAT)) for _ in range(2))
    other = answers.chat_completion(asked(**{**CHAT, "messages": [{"role": "user", "content": "good day"}]}))
    assert first == again
    assert first["choices"][0]["message"]["content"] != other["choices"][0]["message"]["content"]


def test_usage_counts_the_words_of_all_answers():
    body = {**CHAT, "n": 3}
    answer = answers.chat_completion(asked(**body))
    words = sum(len(choice["message"]["content"].split()) for choice in answer["choices"])
    assert len(answer["choices"]) == 3
    assert answer["usage"]["completion_tokens"] == words
    assert answer["usage"]["total_tokens"] == words + answer["usage"]["prompt_tokens"]


def test_a_stream_tells_the_same_as_the_whole_answer():
    chunks = list(answers.chat_chunks(asked(**CHAT, stream=True)))
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks if chunk["choices"]]
    assert deltas[0] == {"role": "assistant", "content": "", "refusal": None}
    assert "".join(delta.get("content", "") for delta in deltas) == " ".join(
        tokens.answer_words({**CHAT, "stream": True})
    )
    assert chunks[0]["choices"] == []
    assert chunks[-1]["choices"][0]["finish_reason"] == "stop"


def test_the_usage_chunk_comes_last_and_has_no_choices_when_it_was_asked_for():
    chunks = list(answers.chat_chunks(asked(**CHAT, stream_options={"include_usage": True})))
    assert chunks[-1]["choices"] == []
    assert chunks[-1]["usage"]["total_tokens"] > 0
    assert not any("usage" in chunk for chunk in chunks[:-1])


def test_a_demanded_tool_is_called_and_json_mode_answers_json():
    tool = {"type": "function", "function": {"name": "weather", "parameters": {}}}
    called = answers.chat_completion(asked(**CHAT, tools=[tool], tool_choice="required"))["choices"][0]
    assert (called["finish_reason"], called["message"]["tool_calls"][0]["function"]["name"]) == (
        "tool_calls",
        "weather",
    )
    plain = answers.chat_completion(asked(**CHAT, response_format={"type": "json_object"}))["choices"][0]
    assert json.loads(plain["message"]["content"])["answer"]


PLACE = {"type": "object", "properties": {"place": {"type": "string", "enum": ["Oslo"]}}, "required": ["place"]}


def test_a_function_is_called_with_what_its_schema_admits():
    tools = [{"type": "function", "function": {"name": name, "parameters": PLACE}} for name in ("other", "weather")]
    choice = {"type": "function", "function": {"name": "weather"}}
    [called] = answers.chat_completion(asked(**CHAT, tools=tools, tool_choice=choice))["choices"]
    [call] = called["message"]["tool_calls"]
    assert call["function"] == {"name": "weather", "arguments": '{"place": "Oslo"}'}


def test_an_answer_that_is_held_to_a_schema_fits_it_whole_and_in_a_stream():
    form = {"type": "json_schema", "json_schema": {"name": "x", "strict": True, "schema": PLACE}}
    whole = answers.chat_completion(asked(**CHAT, response_format=form))["choices"][0]["message"]["content"]
    chunks = [chunk["choices"] for chunk in answers.chat_chunks(asked(**CHAT, response_format=form))]
    streamed = "".join(choices[0]["delta"].get("content") or "" for choices in chunks if choices)
    assert whole == streamed == '{"place": "Oslo"}'


def test_embeddings_as_base64_are_the_same_numbers():
    plain = answers.embeddings(asked(input=["a", "b"], dimensions=8))
    packed = answers.embeddings(asked(input=["a", "b"], dimensions=8, encoding_format="base64"))
    for one, other in zip(plain["data"], packed["data"], strict=True):
        assert list(struct.unpack("<8f", base64.b64decode(other["embedding"]))) == one["embedding"]
    assert plain["data"][0]["embedding"] != plain["data"][1]["embedding"]


def test_an_input_of_token_numbers_is_one_input():
    assert len(answers.embeddings(asked(input=[1, 2, 3]))["data"]) == 1


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens", "max_output_tokens"])
def test_a_call_is_estimated_at_its_prompt_and_its_own_limit_for_every_answer(name: str):
    assert tokens.estimated_tokens({"prompt": "x" * 400, name: 50, "n": 2}) == 100 + 2 * 50


def test_a_call_without_a_limit_is_estimated_at_the_default():
    assert tokens.estimated_tokens({"prompt": "x" * 400}) == 100 + tokens.DEFAULT_ANSWER_TOKENS


@given(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=20), max_size=4), st.integers(1, 300))
def test_an_answer_never_exceeds_its_limit(body: dict[str, Any], limit: int):
    assert 1 <= len(tokens.answer_words({**body, "max_completion_tokens": limit})) <= limit


def test_an_event_is_one_line_of_json_and_an_empty_line():
    assert answers.event({"a": "b\nc"}, "response.created") == b'event: response.created\ndata: {"a":"b\\nc"}\n\n'
