"""A bucket of objects in memory that answers botocore's requests."""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from tests.simulation.table import client_error


@dataclass
class ObjectStore:
    """The last version of each object."""

    objects: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def put_object(self, **request: Any) -> dict[str, str]:
        body = request["Body"]
        self.objects[request["Bucket"], request["Key"]] = body if isinstance(body, bytes) else body.read()
        return {"ETag": "simulated"}

    def get_object(self, **request: Any) -> dict[str, Any]:
        found = self.objects.get((request["Bucket"], request["Key"]))
        if found is None:
            raise client_error("NoSuchKey", "GetObject", 404)
        return {"Body": BytesIO(found), "Metadata": {}, "ContentLength": len(found)}
