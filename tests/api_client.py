"""A client of any service that has an OpenAPI document: it knows what the document says, and nothing else of us."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlencode

from jsonschema_rs import Draft202012Validator

# (method, address, headers, body) to (status, headers, body)
Fetch = Callable[[str, str, dict[str, str], bytes | None], tuple[int, dict[str, str], bytes]]


class NotAsDocumented(AssertionError):
    pass


class DocumentClient:
    """Calls operations by their ids; what is sent and what comes back has to fit the document."""

    def __init__(self, fetch: Fetch, document_address: str, token: str):
        self.fetch, self.token = fetch, token
        self.document = json.loads(fetch("GET", document_address, {}, None)[2])
        self.server = self.document["servers"][0]["url"].rstrip("/")
        self.operations = {
            operation["operationId"]: (method.upper(), path, operation | {"path_parameters": shared})
            for path, item in self.document["paths"].items()
            for shared in [item.get("parameters", [])]
            for method, operation in item.items()
            if method != "parameters"
        }

    def call(self, operation_id: str, body: Any = None, **parameters: Any) -> Any:
        """What it answers, as data or bytes. Raises NotAsDocumented also for an error."""
        status, told = self.try_call(operation_id, body, **parameters)
        if status >= 400:
            raise NotAsDocumented(f"{operation_id}: {status} {told}")
        return told

    def try_call(self, operation_id: str, body: Any = None, **parameters: Any) -> tuple[int, Any]:
        return self.ask(operation_id, body, **parameters)[:2]

    def pages(self, operation_id: str, **parameters: Any) -> Iterator[Any]:
        """All rows of a list, page after page."""
        page = 1
        while page:
            _, rows, headers = self.ask(operation_id, **parameters, page=page)
            yield from rows
            page = json.loads(headers["X-Pagination"]).get("next_page")

    def example(self, operation_id: str, **changes: Any) -> dict[str, Any]:
        """A body of what the document gives as examples, and of changes to it."""
        shape = self._resolved(self._body_schema(operation_id))
        given = {
            name: field["examples"][0] for name, field in shape["properties"].items() if field.get("examples")
        }
        return given | changes

    def choices(self, operation_id: str, field: str) -> list[Any]:
        return self._resolved(self._body_schema(operation_id))["properties"][field]["enum"]

    def ask(self, operation_id: str, body: Any = None, **parameters: Any) -> tuple[int, Any, dict[str, str]]:
        """(status, data or bytes, headers). Parameters by their names, with _ for - in those of headers."""
        method, path, operation = self.operations[operation_id]
        headers = {"Authorization": f"Bearer {self.token}"} if operation.get("security") else {}
        sent = None
        if body is not None:
            self._check(body, self._body_schema(operation_id), operation_id)
            sent, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        asked = {}
        for declared in [*operation["path_parameters"], *operation.get("parameters", [])]:
            name = declared["name"]
            if (value := parameters.get(name.replace("-", "_"))) is None:
                continue
            if declared["in"] == "path":
                path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
            else:
                (asked if declared["in"] == "query" else headers)[name] = str(value)
        address = self.server + path + (f"?{urlencode(asked)}" if asked else "")
        status, answered, content = self.fetch(method, address, headers, sent)
        return status, self._read(operation_id, operation, status, answered, content), answered

    def _read(
        self,
        operation_id: str,
        operation: dict[str, Any],
        status: int,
        headers: dict[str, str],
        content: bytes,
    ) -> Any:
        declared = operation["responses"].get(str(status))
        if declared is None:
            raise NotAsDocumented(f"{operation_id}: {status} is not told: {content[:300]!r}")
        kinds = self._resolved(declared).get("content", {})
        kind = headers["Content-Type"].partition(";")[0]
        if kind not in kinds:
            raise NotAsDocumented(f"{operation_id}: {status} comes as {kind}, told is {sorted(kinds)}")
        if not kind.endswith("json"):
            return content
        told = json.loads(content)
        self._check(told, kinds[kind].get("schema", {}), operation_id)
        return told

    def _body_schema(self, operation_id: str) -> dict[str, Any]:
        return self.operations[operation_id][2]["requestBody"]["content"]["application/json"]["schema"]

    def _check(self, value: Any, schema: dict[str, Any], operation_id: str) -> None:
        whole = schema | {"components": self.document["components"]}
        for fault in Draft202012Validator(whole, validate_formats=True).iter_errors(value):
            raise NotAsDocumented(f"{operation_id}: {fault.instance_path}: {fault.message}")

    def _resolved(self, told: dict[str, Any]) -> dict[str, Any]:
        if "$ref" not in told:
            return told
        found: Any = self.document
        for step in told["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        return found
