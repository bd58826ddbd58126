"""Which operation a path asks for, and which right it needs."""

import pytest

from twin.openai.operations import Kind, Operation, find


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        (
            "POST",
            "/openai/deployments/gpt-4o/chat/completions",
            Operation(Kind.CHAT, "deployments/chat/completions/action", "gpt-4o"),
        ),
        (
            "POST",
            "/openai/deployments/a%2Fb/embeddings",
            Operation(Kind.EMBEDDING, "deployments/embeddings/action", "a/b"),
        ),
        (
            "POST",
            "/OpenAI/Deployments/gpt/Completions",
            Operation(Kind.COMPLETION, "deployments/completions/action", "gpt"),
        ),
        ("POST", "/openai/responses", Operation(Kind.RESPONSE, "responses/write")),
        ("GET", "/openai/responses/resp_1", Operation(Kind.READ_RESPONSE, "responses/read", item="resp_1")),
        (
            "GET",
            "/openai/v1/responses/resp_1/input_items",
            Operation(Kind.READ_INPUT, "responses/read", item="resp_1", v1=True),
        ),
        (
            "DELETE",
            "/openai/v1/responses/resp_1",
            Operation(Kind.DELETE_RESPONSE, "responses/delete", item="resp_1", v1=True),
        ),
        (
            "POST",
            "/openai/v1/chat/completions",
            Operation(Kind.CHAT, "deployments/chat/completions/action", v1=True),
        ),
        ("GET", "/openai/models", Operation(Kind.LIST_MODELS, "models/read")),
        ("GET", "/openai/v1/models/gpt-4o", Operation(Kind.READ_MODEL, "models/read", item="gpt-4o", v1=True)),
        ("GET", "/openai/deployments", Operation(Kind.LIST_DEPLOYMENTS, "deployments/read")),
        ("GET", "/openai/deployments/gpt", Operation(Kind.READ_DEPLOYMENT, "deployments/read", "gpt")),
        (
            "POST",
            "/openai/deployments/dall-e/images/generations",
            Operation(Kind.NOT_SIMULATED, "images/generations/action", "dall-e"),
        ),
        ("POST", "/openai/fine_tuning/jobs", Operation(Kind.NOT_SIMULATED, "fine-tunes/write")),
        ("GET", "/openai/v1/files", Operation(Kind.NOT_SIMULATED, "files/read", v1=True)),
        ("DELETE", "/openai/deployments/gpt", Operation(Kind.NOT_SIMULATED, "deployments/delete", "gpt")),
    ],
)
def test_a_path_is_one_operation(method: str, path: str, operation: Operation):
    assert find(method, path) == operation


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("POST", "/openai"),
        ("POST", "/openai/v1"),
        ("POST", "/chat/completions"),
        ("POST", "/openai/chat/completions"),
        ("GET", "/openai/unknown"),
        ("PUT", "/openai/responses"),
        ("GET", "/openai/responses/"),
    ],
)
def test_any_other_path_is_none(method: str, path: str):
    assert find(method, path) is None
