"""What a plan counts up to: one row of counts a plan, spoken in the nouns' own fields and filters."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from pydantic import Field, create_model

from app.db.noun import Column, Computed, Noun
from app.domain.plans import Plan
from app.queries.actions import ACTION_STEPS, ACTIONS, RESPONSIBILITIES
from app.queries.areas import AREAS
from app.queries.budgets import BUDGETS
from app.queries.flags import DATA_QUALITY_FLAGS
from app.queries.milestones import MILESTONES
from app.queries.objectives import CROSS_REFERENCES, OBJECTIVES
from app.queries.plans import PLANS
from app.queries.published import Published
from app.queries.targets import TARGETS


@dataclass(frozen=True)
class Count:
    """How many records of a noun, broken down by each of `by`, outermost first.

    `by`, `where` and `of` are SQL over the noun's published fields and its yes-or-no filters, in double quotes.
    What has no key is counted under `none`, so that a breakdown adds up.
    """

    name: str
    doc: str
    by: tuple[str, ...] = ()
    where: str = "true"
    of: str = "*"

    @property
    def spoken(self) -> str:
        return " ".join((*self.by, self.where, self.of))

    @property
    def type(self) -> Any:
        made: Any = int
        for _ in self.by:
            made = dict[str, made]
        return made

    @property
    def sql(self) -> str:
        keys = [f"k{place}" for place in range(len(self.by))]
        told = [f"coalesce(({key})::text, 'none') {name}" for key, name in zip(self.by, keys, strict=True)]
        sql = f"select {_listed(*told, f'count({self.of}) n')} from counted where {self.where}" + _grouped(keys)
        while keys:
            key = keys.pop()
            tally = f'json_object_agg({key}, n order by {key} collate "C") n'
            sql = f"select {_listed(*keys, tally)} from ({sql}) {key}s" + _grouped(keys)
        return f"coalesce(({sql}), '{{{{}}}}')" if self.by else f"({sql})"


def _listed(*parts: str) -> str:
    return ", ".join(parts)


def _grouped(keys: list[str]) -> str:
    return f" group by {_listed(*keys)}" if keys else ""


def plan_records(noun: Noun, spoken: str) -> str:
    """The plan's records of that noun in use, with those of its fields and filters that are spoken of."""
    known = {
        name: narrowing.sql.format(t="x", value="true", today="{today}", trust="{trust}")
        for name, narrowing in noun.filters.items()
        if narrowing.type is bool
    }
    known |= {item.name: _value(item) for item in noun.columns()}
    columns = [f'({sql}) "{name}"' for name, sql in known.items() if f'"{name}"' in spoken]
    return (
        f"select {_listed(*columns) or 'x.id'} from {noun.table} x "
        "where x.trust_id = {trust} and x.plan_id = {t}.id and x.withdrawn_at is null"
    )


def _value(item: Column | Computed) -> str:
    if isinstance(item, Computed):
        return item.sql.format(t="x", today="{today}", trust="{trust}")
    return f'x."{item.column}"'


def _counts(name: str, noun: Noun, doc: str, *counts: Count) -> Computed:
    """The counts of one noun, as one field of the summary."""
    told = _listed(*(f"'{count.name}', {count.sql}" for count in counts))
    records = plan_records(noun, " ".join(count.spoken for count in counts))
    fields: dict[str, Any] = {count.name: (count.type, Field(description=count.doc)) for count in counts}
    model = create_model(f"{noun.title}Counts", __base__=Published, __module__=__name__, __doc__=doc, **fields)
    return Computed(name, f"with counted as ({records}) select json_build_object({told})", model, doc)


def _budgets() -> Computed:
    names = ("code", "currency", "printedTotal", "computedTotal", "confirmedTotal", "provisionalTotal", "reconciles")
    shown = {item.name: item for item in BUDGETS.columns() if item.name in names}
    records = plan_records(BUDGETS, _listed(*(f'"{name}"' for name in names)))
    fields: dict[str, Any] = {name: (shown[name].type, Field(description=shown[name].doc or None)) for name in names}
    model = create_model("BudgetTotals", __base__=Published, __module__=__name__, __doc__=BUDGETS.doc, **fields)
    told = "coalesce(json_agg(row_to_json(b) order by b.code), '[]')"
    return Computed("budgets", f"select {told} from ({records}) b", list[model], BUDGETS.doc)


TOTAL: Final = Count("total", "In all.")
_AREA: Final = '"areaCode"'
_DUE_KIND: Final = Count("byDueKind", "By what the printed due date turned out to be.", ('"dueKind"',))
_MONTH: Final = "to_char({day}, 'YYYY-MM')"
_BY_MONTH: Final = Count("byMonth", "By the month of the last day.", (_MONTH.format(day='"dueEndsOn"'),))
_STATUS: Final = Count("byStatus", "By status.", ('"status"',))
_SERVED: Final = Computed(
    "isServed",
    "exists (select 1 from objective_target o where o.trust_id = {trust} and o.target_id = {t}.id "
    "and o.withdrawn_at is null)",
    bool,
)
_LEADS: Final = '"role" = \'lead\' and not "ofStep"'

PLAN_SUMMARIES: Final = Noun(
    name="planSummary",
    plural="plan-summaries",
    title="PlanSummary",
    entity=Plan,
    doc="What a plan counts up to: its records in use, never averages. A key that counts nothing is left out.",
    fields=(
        *(item for item in PLANS.columns() if item.name in ("id", "code", "title")),
        Computed("on", "{today}", date, "The day that overdue and timeliness are told for."),
        _counts("areas", AREAS, "Areas or priorities.", TOTAL, Count("byKind", "By kind.", ('"kind"',))),
        _counts(
            "objectives",
            OBJECTIVES,
            "Objectives, and the printed tables that hold them.",
            TOTAL,
            Count("byArea", "By area.", (_AREA,)),
            Count("printedTables", "Printed tables; two objectives may share one.", of='distinct "printedTable"'),
            Count("printedTablesByArea", "Printed tables by area.", (_AREA,), of='distinct "printedTable"'),
        ),
        _counts(
            "actions",
            ACTIONS,
            "Actions. Cross-references are none.",
            TOTAL,
            _STATUS,
            Count("byArea", "By area.", (_AREA,)),
            _DUE_KIND,
            _BY_MONTH,
            Count("withoutLead", "That nobody leads.", where='not "led"'),
            Count("withoutDueDate", "With no due date at all.", where="\"dueKind\" = 'none'"),
            Count("withoutLastDay", "Whose due date, if any, resolves to no last day.", where='not "dueResolved"'),
            Count("overdue", "Open, and past the last day and the trust's grace.", where='"isOverdue"'),
        ),
        _counts(
            "leads",
            RESPONSIBILITIES,
            "Actions by who leads them as a whole. An action that two lead is counted for each.",
            Count("byCode", "By code.", ('"personCode"',), _LEADS, 'distinct "actionId"'),
            Count("byPrintedForm", "By code as printed there.", ('"printed"',), _LEADS, 'distinct "actionId"'),
        ),
        _counts("crossReferences", CROSS_REFERENCES, "Pointers to another part of the plan.", TOTAL),
        _counts(
            "steps",
            ACTION_STEPS,
            "Dated steps of actions.",
            TOTAL,
            _DUE_KIND,
            Count(
                "byMonth",
                "By the month of the last day; of the first, where there is no last.",
                (_MONTH.format(day='coalesce("dueEndsOn", "dueStartsOn")'),),
            ),
        ),
        _counts(
            "milestones",
            MILESTONES,
            "Milestones and criteria of success.",
            TOTAL,
            _STATUS,
            Count("byAreaAndWindow", "By area, then by number of the window.", (_AREA, '"windowNo"')),
            Count("byConfidence", "By judged confidence.", ('"confidence"',)),
            Count("byTimeliness", "By timeliness on the day.", ('"timeliness"',)),
            Count("byMeasured", "By how they are judged.", ('"measured"',)),
            Count("byKind", "By kind.", ('"kind"',)),
            _BY_MONTH,
            Count("withoutComparator", "Numeric, with no comparator printed.", where='"comparatorAssumed"'),
        ),
        _counts(
            "targets",
            replace(TARGETS, fields=(*TARGETS.fields, _SERVED)),
            "Targets, and those that no objective serves.",
            TOTAL,
            Count("byAreaPhaseAndKind", "By area, then phase, then kind.", (_AREA, '"phaseCode"', '"kind"')),
            Count("withoutComparator", "Numeric, with no comparator printed.", where='"comparatorAssumed"'),
            Count("unserved", "That no objective serves.", where='not "isServed"'),
            Count("unservedByAreaAndPhase", "Those, by area, then phase.", (_AREA, '"phaseCode"'), 'not "isServed"'),
        ),
        _counts(
            "flags",
            DATA_QUALITY_FLAGS,
            "What the source leaves unclear about the plan's own records.",
            TOTAL,
            Count("unresolved", "Still to be resolved.", where='not "resolved"'),
            Count("byCode", "Unresolved, by code.", ('"code"',), 'not "resolved"'),
            Count("byReference", "Unresolved, by row of the list of oddities.", ('"reference"',), 'not "resolved"'),
        ),
        _budgets(),
    ),
    filters={},
    sorts={},
)
