"""Statements of plans and frameworks, evaluation methods and inspection findings, as they can be read."""

from typing import Final

from app.db.noun import Noun, columns_of
from app.domain.evaluation_methods import EvaluationMethod
from app.domain.findings import Finding
from app.domain.framework_statements import FrameworkStatement
from app.domain.framework_vocabulary import FrameworkStatementKind
from app.domain.statements import Statement
from app.domain.vocabulary import StatementKind
from app.queries.framework_parts import framework_part
from app.queries.narrowing import AREA, BY_CODE, PLAN, SOURCE, STAGE, equals, flag, word
from app.queries.parents import CONDITION_CODE, STAGE_CODE_IF_ANY

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
FRAMEWORK_STATEMENTS: Final = framework_part(
    FrameworkStatement,
    STAGE_CODE_IF_ANY,
    CONDITION_CODE,
    name="frameworkStatement",
    plural="framework-statements",
    doc="Printed lists of a framework that carry no rule of their own: descriptors, qualities, duties, values.",
    filters={
        **STAGE,
        "kind": word("kind", FrameworkStatementKind),
        "holder": equals("holder"),
        "ofStage": flag("{t}.stage_id is not null", "Speaks of one stage; false: of the whole framework."),
    },
)
