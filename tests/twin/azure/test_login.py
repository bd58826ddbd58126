"""What a client asks before it talks to Resource Manager."""

import base64
import json

from tests.support.arm import START, LocalAzure, body_of
from twin.azure.messages import Call


def test_the_metadata_document_points_back_here(azure: LocalAzure) -> None:
    found = body_of(azure.call("GET", "/metadata/endpoints", version="2022-09-01"))
    base = "http://127.0.0.1:8470"
    assert found["resourceManager"] == base
    assert found["authentication"]["loginEndpoint"] == base
    assert found["authentication"]["audiences"] == [base]


def test_a_token_names_the_deployer_and_is_not_in_the_journal(azure: LocalAzure) -> None:
    path = "/00000000-0000-0000-0000-000000000002/oauth2/v2.0/token"
    answer = azure.endpoint.handle(Call("POST", path, body={"client_secret": "s3cret"}), START)
    found = body_of(answer)
    assert (found["token_type"], found["expires_in"]) == ("Bearer", 3600)
    claims = json.loads(base64.urlsafe_b64decode(found["access_token"].split(".")[1] + "=="))
    assert claims["oid"] == "00000000-0000-0000-0000-000000000004"
    assert claims["exp"] == int(START.timestamp()) + 3600
    assert azure.endpoint.journal.entries() == []


def test_faults_do_not_keep_a_client_from_logging_in(azure: LocalAzure) -> None:
    azure.call("PUT", "/_twin/faults", [{"status": 500}])
    assert azure.call("GET", "/metadata/endpoints").status == 200
