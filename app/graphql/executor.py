"""What the door needs of whatever reads and runs documents."""

from collections.abc import Mapping
from typing import Any, Protocol

from strawberry.types import ExecutionResult

from app.domain.actor import Actor
from app.graphql.following import Subscriber, Told


class Executor(Protocol):
    """What reads and runs documents. `prepare` refuses a document; so does `execute`, of what came with it."""

    def prepare(self, text: str, *, may_read_schema: bool) -> Any: ...

    async def execute(
        self,
        prepared: Any,
        *,
        operation_name: str | None,
        variables: Mapping[str, Any],
        actor: Actor,
        app_state: Any,
        explain: bool,
        trace_id: str,
        allow_mutations: bool,
    ) -> ExecutionResult: ...

    def is_subscription(self, prepared: Any, operation_name: str | None) -> bool: ...

    async def subscribe(
        self,
        prepared: Any,
        *,
        operation_name: str | None,
        variables: Mapping[str, Any],
        subscriber: Subscriber,
        app_state: Any,
    ) -> Told: ...
