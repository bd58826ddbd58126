"""The names that azure-native makes for resources that the program does not name."""

import hashlib
import os
import uuid
from collections.abc import Mapping

from pulumi.runtime.proto import provider_pb2 as proto

from ..azure.shapes import Json, Shape

# The name was made, so a replacement gets another one and may come before the old resource is deleted.
CREATE_BEFORE_DELETE = "__createBeforeDelete"


def made_name(shape: Shape, request: proto.CheckRequest, olds: Mapping[str, Json]) -> dict[str, Json]:
    """The inputs that name a resource: as before, as `pulumi config` wants it, or by azure-native's own rules."""
    parameter = shape.row.parameters[-1]
    wanted = request.autonaming if request.HasField("autonaming") else None
    if parameter in olds:
        return {key: olds[key] for key in (parameter, CREATE_BEFORE_DELETE) if key in olds}
    if wanted and wanted.mode == wanted.DISABLE:
        return {}
    if wanted and (wanted.mode == wanted.ENFORCE or shape.naming != "uuid"):
        return {parameter: wanted.proposed_name, CREATE_BEFORE_DELETE: True}
    logical = request.urn.rpartition("::")[2]
    if shape.naming == "copy":
        return {parameter: logical}
    # The real provider draws other digits from the seed, in the same form.
    digits = hashlib.sha256(request.randomSeed or os.urandom(32)).hexdigest()
    name = logical + digits[:8] if shape.naming == "random" else str(uuid.UUID(digits[:32]))
    return {parameter: name, CREATE_BEFORE_DELETE: True}
