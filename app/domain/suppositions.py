"""Hypothetical values, grades and judgements, laid over what is known: what would be suggested if they were so."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType

from app.domain.errors import Fault, Invalid
from app.domain.metrics import Metric
from app.domain.review_vocabulary import Held
from app.domain.stage_measures import MetricTests, StageRules


@dataclass(frozen=True)
class Supposition:
    """Values by metric, grades by metric or by inspection framework, judgements by benchmark: all by code."""

    values: Mapping[str, Decimal] = field(default_factory=lambda: MappingProxyType({}))
    grades: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    judgements: Mapping[str, Held] = field(default_factory=lambda: MappingProxyType({}))

    def grade_of(self, tests: MetricTests) -> str | None:
        """The grade supposed for a metric that is tested by grades, if it is one of them."""
        found = (self.grades.get(name) for name in _names(tests))
        return next((code for code in found if tests.graded and code in tests.graded.grades), None)

    def check(self, rules: StageRules, benchmarks: Collection[str], metrics: Mapping[str, Metric]) -> None:
        """Refuse what the framework does not look at, and values that there cannot be."""
        faults = [*self._values(rules, metrics), *self._grades(rules), *self._judgements(benchmarks)]
        if faults:
            raise Invalid("The framework cannot be asked with all that is supposed.", faults=faults)

    def _values(self, rules: StageRules, metrics: Mapping[str, Metric]) -> Iterator[Fault]:
        read = {group.metric for group in rules.groups if group.graded is None}
        for code, value in self.values.items():
            metric = metrics.get(code)
            if metric is None and code not in read:
                yield Fault(f"/readings/{code}", "unknown-metric", f"The framework measures nothing by {code}.")
            elif metric is not None and not metric.range.holds(value):
                sentence = f"{value:f} is outside what {code} allows: {metric.range}."
                yield Fault(f"/readings/{code}", "out-of-range", sentence)

    def _grades(self, rules: StageRules) -> Iterator[Fault]:
        graded = [group for group in rules.groups if group.graded is not None]
        for code, grade in self.grades.items():
            asked = [group for group in graded if code in _names(group)]
            if not asked:
                yield Fault(f"/grades/{code}", "unknown-metric", f"The framework looks at no grades by {code}.")
            elif not any(group.graded and grade in group.graded.grades for group in asked):
                yield Fault(f"/grades/{code}", "unknown-grade", f"{grade} is no grade of {code}.")

    def _judgements(self, benchmarks: Collection[str]) -> Iterator[Fault]:
        for code in self.judgements:
            if code not in benchmarks:
                yield Fault(f"/judgements/{code}", "unknown-benchmark", f"The framework has no benchmark {code}.")


def _names(group: MetricTests) -> tuple[str, ...]:
    return (group.metric, group.graded.framework.code) if group.graded else (group.metric,)


NOTHING_SUPPOSED = Supposition()
