"""Q2: a model of two trusts and their milestones, and the real service on a real database, step by step alike."""

import asyncio
import itertools
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from app.db.verification import verify
from app.domain import ids
from app.domain.milestones import Milestone
from app.domain.roles import Role
from tests.conftest import Installation
from tests.faults.bars import Bar, Findings, Run
from tests.faults.ground import found_trust, service

STEPS = 30
TODAY = date(2026, 11, 23)
FINAL = {"met", "withdrawn", "superseded"}
# Written down once more by hand: an oracle that imported the table it tests would agree with every mistake in it.
LEGAL = {
    "planned": {"in_progress", "submitted", "deferred", "withdrawn", "superseded"},
    "in_progress": {"submitted", "not_met", "deferred", "withdrawn", "superseded"},
    "submitted": {"in_progress", "met", "partly_met", "not_met", "withdrawn", "superseded"},
    "partly_met": {"in_progress", "withdrawn", "superseded"},
    "not_met": {"in_progress", "withdrawn", "superseded"},
    "met": {"in_progress", "superseded"},
    "deferred": {"in_progress", "withdrawn", "superseded"},
    "withdrawn": {"superseded"},
    "superseded": set(),
}
WITH_REASON = {("submitted", "in_progress"), ("met", "in_progress")}
WITH_DATE = {("partly_met", "in_progress"), ("not_met", "in_progress")}
DUES = {"12 January 2026": date(2026, 1, 12), "12 January 2027": date(2027, 1, 12)}
_POSITIONS = (
    "select count(*), coalesce(min(position), 0), coalesce(max(position), 0) from app.event where trust_id = $1"
)


@dataclass
class Kept:
    """What the model knows of one milestone."""

    trust: str
    id: str
    due: str
    status: str = "planned"
    confidence: str = "not_rated"
    version: int = 1
    due_moves: int = 0
    evidence: list[str] = field(default_factory=list)
    saved: list[tuple[datetime, dict[str, Any]]] = field(default_factory=list)

    @property
    def shown(self) -> dict[str, Any]:
        judged = {"status": self.status, "confidence": self.confidence, "version": self.version}
        return judged | {"dueMoves": self.due_moves, "duePrinted": self.due}

    @property
    def when_final(self) -> int | None:
        """How a judgement or another date is refused; None while the milestone may have them."""
        return 422 if self.status in FINAL else None

    def outcome(self, to: str, *, by: str, reason: bool, note: bool, due: str | None) -> int:
        """The status that a transition must be answered with."""
        if to not in LEGAL[self.status]:
            return 409
        pair = (self.status, to)
        reasoned = to in {"partly_met", "not_met", "withdrawn"} or pair in WITH_REASON
        if (reasoned or to in {"met", "superseded"}) and by != "administrator":
            return 403
        if reasoned and not reason:
            return 422
        if to == "submitted" and not (note or self.evidence):
            return 422
        if (to == "deferred" or pair in WITH_DATE) and due in (None, self.due):
            return 422
        return 422 if to == "not_met" and DUES[self.due] > TODAY else 200


class Ground:
    """The service, its clock, and a loop of its own to ask it from code that cannot wait."""

    def __init__(self, run: Run) -> None:
        self._ticks = itertools.count()
        self._loop = asyncio.new_event_loop()
        self._stack = AsyncExitStack()
        self.installation: Installation = self.do(
            self._stack.enter_async_context(service(run.server, "empty", clock=self.now))
        )
        self.above: asyncpg.Connection = self.do(asyncpg.connect(self.installation.dsn("postgres")))
        self.ops: asyncpg.Connection = self.do(
            asyncpg.connect(self.installation.dsn("milepost_ops"), server_settings={"search_path": "app, public"})
        )
        self.examples = self.steps = 0

    def now(self) -> datetime:
        return datetime(2026, 11, 23, 9, tzinfo=UTC) + timedelta(milliseconds=next(self._ticks))

    def do(self, awaitable: Any) -> Any:
        return self._loop.run_until_complete(awaitable)

    def close(self) -> None:
        for connection in (self.above, self.ops):
            self.do(connection.close())
        self.do(self._stack.aclose())
        self._loop.close()


def machine(ground: Ground) -> type[RuleBasedStateMachine]:
    """The state machine on that ground; hypothesis makes one for each example."""

    class Trusts(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.milestones: list[Kept] = []
            self.touched: Kept | None = None
            self.sent: list[tuple[str, str, dict[str, Any], dict[str, str], httpx.Response]] = []
            self.events: dict[str, int] = {}

        @initialize()
        def found_two_trusts(self) -> None:
            ground.examples += 1
            self.clients: dict[tuple[str, str], httpx.AsyncClient] = {}
            self.areas: dict[str, str] = {}
            for name in ("a", "b"):
                trust = f"q2-{ground.examples}-{name}"
                ground.do(found_trust(ground.installation, trust))
                for role in (Role.ADMINISTRATOR, Role.SENIOR_LEADER):
                    key = ground.do(ground.installation.key(trust, role))
                    self.clients[trust, str(role)] = ground.installation.client(key)
                year = {"type": "improvement", "startsOn": "2026-09-01", "endsOn": "2027-08-31"}
                plan = self.must(trust, "/v1/plans", {"code": "p", "title": "Plan"} | year)
                place = {"planId": plan["id"], "code": "a", "no": 1, "label": "A"}
                area = self.must(trust, "/v1/areas", place | {"kind": "area"})
                self.areas[trust] = f"{plan['id']} {area['id']}"
                self.events[trust] = 5
                self.milestone(trust=name, due="12 January 2026")

        @rule(trust=st.sampled_from("ab"), due=st.sampled_from(sorted(DUES)))
        def milestone(self, trust: str, due: str) -> None:
            trust = self.named(trust)
            plan, area = self.areas[trust].split()
            number = len(self.milestones) + 1
            body = {"planId": plan, "areaId": area, "code": f"m{number}", "no": number, "label": "Books", "due": due}
            made = self.ask(trust, "administrator", "/v1/milestones", body, expected=201, events=1)
            one = Kept(trust, made.json()["id"], due)
            self.milestones.append(one)
            self.touched = one
            self.save(one, made)

        @rule(
            at=st.integers(0, 99),
            to=st.sampled_from(sorted(LEGAL)),
            legal=st.integers(0, 9),
            given=st.sets(st.sampled_from(["reason", "note"])),
            due=st.none() | st.sampled_from(sorted(DUES)),
            by=st.sampled_from(["administrator", "administrator", "senior_leader"]),
        )
        def move(self, at: int, to: str, legal: int, given: set[str], due: str | None, by: str) -> None:
            """Three times of four a legal move, so that the odd corners of the machine are reached at all."""
            one, reason, note = self.pick(at), "reason" in given, "note" in given
            choices = sorted(LEGAL[one.status])
            to = choices[legal % len(choices)] if choices and legal < 8 else to
            body: dict[str, Any] = {"to": to} | ({"reason": "So agreed."} if reason else {})
            body |= {"evidence": [{"note": "seen"}]} if note else {}
            body |= {"due": due, "dueReason": "staffing"} if due else {}
            expected = one.outcome(to, by=by, reason=reason, note=note, due=due)
            made = self.ask(one.trust, by, f"/v1/milestones/{one.id}/transitions", body, version=one.version,
                            expected=expected, events=1 + note)  # fmt: skip
            if expected != 200:
                return
            moves_date = to == "deferred" or (one.status, to) in WITH_DATE
            one.due, one.due_moves = (due or one.due, one.due_moves + 1) if moves_date else (one.due, one.due_moves)
            one.status, one.version = to, one.version + 1
            one.evidence += ["?"] if note else []
            self.save(one, made)

        @rule(at=st.integers(0, 99), confidence=st.sampled_from(["on_track", "at_risk", "off_track"]))
        def rate(self, at: int, confidence: str) -> None:
            one = self.pick(at)
            expected = one.when_final or 200
            body = {"confidence": confidence, "rationale": "Seen in books."}
            path = f"/v1/milestones/{one.id}/ratings"
            made = self.ask(one.trust, "senior_leader", path, body, version=one.version, expected=expected, events=1)
            if expected == 200:
                one.confidence, one.version = confidence, one.version + 1
                self.save(one, made)

        @rule(
            at=st.integers(0, 99),
            due=st.sampled_from(sorted(DUES)),
            by=st.sampled_from(["administrator", "senior_leader"]),
        )
        def move_date(self, at: int, due: str, by: str) -> None:
            one = self.pick(at)
            expected = 403 if by == "senior_leader" else one.when_final or (422 if due == one.due else 200)
            made = self.ask(one.trust, by, f"/v1/milestones/{one.id}/due-dates", {"due": due, "because": "staffing"},
                            version=one.version, expected=expected, events=1)  # fmt: skip
            if expected == 200:
                one.due, one.due_moves, one.version = due, one.due_moves + 1, one.version + 1
                self.save(one, made)

        @rule(at=st.integers(0, 99))
        def note(self, at: int) -> None:
            one = self.pick(at)
            body = {"milestoneId": one.id, "note": "seen"}
            expected = 409 if one.status in {"withdrawn", "superseded"} else 201
            made = self.ask(one.trust, "senior_leader", "/v1/evidence", body, expected=expected, events=1)
            one.evidence += [made.json()["id"]] if expected == 201 else []

        @rule(at=st.integers(0, 99))
        def withdraw_a_note(self, at: int) -> None:
            one = self.pick(at)
            known = [note for note in one.evidence if note != "?"]
            if known:
                path = f"/v1/evidence/{known[0]}/withdrawal"
                self.ask(one.trust, "administrator", path, {"reason": "Wrong book."}, version=1, expected=200, events=1)
                one.evidence.remove(known[0])

        @rule(at=st.integers(0, 99), behind=st.integers(1, 3))
        def use_a_stale_version(self, at: int, behind: int) -> None:
            one = self.pick(at)
            path = f"/v1/milestones/{one.id}/transitions"
            version = max(0, one.version - behind)
            self.ask(one.trust, "administrator", path, {"to": "superseded"}, version=version, expected=412, events=0)

        @precondition(lambda self: self.sent)
        @rule(at=st.integers(0, 99), more=st.sampled_from([{}, {"reason": "Something else."}]))
        def repeat(self, at: int, more: dict[str, str]) -> None:
            """The same request again is answered as before; another under its key is refused."""
            trust, by, body, headers, before = self.sent[at % len(self.sent)]
            again = ground.do(self.clients[trust, by].post(before.request.url.path, json=body | more, headers=headers))
            if body | more != body:
                assert again.status_code == 422, again.text
                return
            assert (again.status_code, again.content) == (before.status_code, before.content)
            assert again.headers["etag"] == before.headers["etag"]
            assert again.headers["idempotency-replayed"] == "true"

        @rule(at=st.integers(0, 99))
        def look_from_the_other_trust(self, at: int) -> None:
            one = self.pick(at)
            other = next(trust for trust in self.areas if trust != one.trust)
            address = f"/v1/milestones/{one.id}"
            seen = ground.do(self.clients[other, "administrator"].get(address))
            assert seen.status_code == 404
            move = {"to": "superseded"}
            self.ask(other, "administrator", f"{address}/transitions", move, version=1, expected=404, events=0)

        @rule(at=st.integers(0, 99), when=st.integers(0, 99))
        def look_back(self, at: int, when: int) -> None:
            one = self.pick(at)
            instant, saved = one.saved[when % len(one.saved)]
            asked = {"asOf": instant.isoformat().replace("+00:00", "Z")}
            seen = ground.do(self.clients[one.trust, "senior_leader"].get(f"/v1/milestones/{one.id}", params=asked))
            assert seen.status_code == 200, seen.text
            assert seen.json() == saved

        @invariant()
        def the_last_touched_is_as_the_model_says(self) -> None:
            ground.steps += 1
            if (one := self.touched) is not None:
                seen = ground.do(self.clients[one.trust, "senior_leader"].get(f"/v1/milestones/{one.id}")).json()
                assert {name: seen[name] for name in one.shown} == one.shown

        @invariant()
        def positions_have_no_gaps(self) -> None:
            for trust, count in self.events.items():
                found = tuple(ground.do(ground.above.fetchrow(_POSITIONS, ids.trust_id(trust))))
                assert found == (count, 1, count), trust

        def teardown(self) -> None:
            for trust in self.events:
                verdict = ground.do(verify(ground.ops, UUID(str(ids.trust_id(trust)))))
                assert verdict.fault is None, verdict

        def named(self, name: str) -> str:
            return f"q2-{ground.examples}-{name}"

        def pick(self, at: int) -> Kept:
            one = self.milestones[at % len(self.milestones)]
            self.touched = one
            return one

        def must(self, trust: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
            made = ground.do(self.clients[trust, "administrator"].post(path, json=body))
            assert made.status_code == 201, made.text
            record: dict[str, Any] = made.json()
            return record

        def ask(
            self,
            trust: str,
            by: str,
            path: str,
            body: dict[str, Any],
            *,
            expected: int,
            events: int,
            version: int | None = None,
        ) -> httpx.Response:
            """Send a change, and note what the log must hold once it was made."""
            headers = {"Idempotency-Key": f"{trust}-{len(self.sent)}-{next(ground._ticks)}"}
            headers |= {"If-Match": f'"v{version}"'} if version is not None else {}
            made: httpx.Response = ground.do(self.clients[trust, by].post(path, json=body, headers=headers))
            assert made.status_code == expected, (path, body, made.text)
            if expected < 300:
                self.events[trust] += events
                self.sent.append((trust, by, body, headers, made))
            return made

        def save(self, one: Kept, made: httpx.Response) -> None:
            one.saved.append((ground.now(), made.json()))

    return Trusts


def _play(run: Run, examples: int, *, shrinks: bool = True) -> Findings:
    ground = Ground(run)
    asked = settings(
        max_examples=examples, stateful_step_count=STEPS, deadline=None, database=None, print_blob=False,
        suppress_health_check=list(HealthCheck), phases=[Phase.generate, Phase.shrink] if shrinks else [Phase.generate],
        report_multiple_bugs=False,
    )  # fmt: skip
    samples = []
    try:
        run_state_machine_as_test(seed(run.seed)(machine(ground)), settings=asked)
    except AssertionError as error:
        samples = [*str(error).split("\n")[:3], *getattr(error, "__notes__", [])]
    finally:
        counted = f"{ground.examples} examples, {ground.steps:,} steps, hypothesis seed {run.seed}"
        ground.close()
    return Findings(counted, {"disagreements": int(bool(samples))}, samples)


async def _agree(run: Run) -> Findings:
    return await asyncio.to_thread(_play, run, run.size(60, 3_400))


async def _without_a_guard(run: Run) -> Findings:
    """The defect: a move that asks for no reason, no evidence and no reviewer."""
    honest = Milestone._guard
    Milestone._guard = lambda *_: None  # type: ignore[method-assign]  # the defect itself
    try:
        return await asyncio.to_thread(_play, run, 60, shrinks=False)
    finally:
        Milestone._guard = honest  # type: ignore[method-assign]  # and away again


Q2 = Bar("Q2", _agree, "a move without its guards", _without_a_guard, "disagreements")
