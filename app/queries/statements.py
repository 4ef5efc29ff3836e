"""Statements, evaluation methods and inspection findings, as they can be read."""

from typing import Final

from app.db.noun import Noun, columns_of
from app.domain.evaluation_methods import EvaluationMethod
from app.domain.findings import Finding
from app.domain.statements import Statement
from app.domain.vocabulary import StatementKind
from app.queries.narrowing import AREA, BY_CODE, PLAN, SOURCE, equals, word

STATEMENTS: Final = Noun(
    name="statement",
    plural="statements",
    title="Statement",
    entity=Statement,
    doc="Printed lists that carry no rule of their own.",
    fields=columns_of(Statement),
    filters={**PLAN, **AREA, "kind": word("kind", StatementKind), **SOURCE},
    sorts={"code": BY_CODE},
)
EVALUATION_METHODS: Final = Noun(
    name="evaluationMethod",
    plural="evaluation-methods",
    title="EvaluationMethod",
    entity=EvaluationMethod,
    doc="How a plan says its progress is evaluated, and how often.",
    fields=columns_of(EvaluationMethod),
    filters={**PLAN, **AREA, "cadence": equals("cadence"), **SOURCE},
    sorts={"code": BY_CODE},
)
FINDINGS: Final = Noun(
    name="finding",
    plural="findings",
    title="Finding",
    entity=Finding,
    doc="Inspection findings that a plan answers.",
    fields=columns_of(Finding),
    filters={**PLAN, **AREA, **SOURCE},
    sorts={"code": BY_CODE},
)
