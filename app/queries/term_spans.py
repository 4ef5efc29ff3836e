"""The terms that an answer runs over: from one to another, or the last ones that have begun; and whom a framework is for."""

from collections.abc import Mapping
from typing import Final

from app.domain.academies import sector_of
from app.domain.vocabulary import AcademyType, PhaseOfEducation, Sector

_UNASKED: Final = 6
"""Without a first and a last term: so many, two years of terms. The present year alone may be empty still."""
_FIRST: Final = f"""coalesce(
    (select x.starts_on from term x where x.trust_id = $1 and x.id = $5),
    (select max(y.starts_on) from academic_year y where y.trust_id = $1 and y.withdrawn_at is null and y.starts_on <=
      (select x.starts_on from term x where x.trust_id = $1 and x.id = $6)),
    (select min(b.starts_on) from (select x.starts_on from term x where x.trust_id = $1 and x.withdrawn_at is null
      and x.starts_on <= $2::date and $6::uuid is null order by x.starts_on desc limit {_UNASKED}) b))"""
_LAST: Final = f"""coalesce(
    (select x.starts_on from term x where x.trust_id = $1 and x.id = $6),
    case when $5::uuid is null then $2::date end,
    (select max(y.ends_on) from academic_year y where y.trust_id = $1 and y.withdrawn_at is null and y.starts_on <= {_FIRST}))"""
TERMS: Final = f"""select t.id, t.name, t.starts_on, t.ends_on, y.code as year
  from term t join academic_year y on y.trust_id = t.trust_id and y.id = t.academic_year_id
  where t.trust_id = $1 and t.withdrawn_at is null and t.starts_on between {_FIRST} and {_LAST}"""
"""Arguments: $1 trust, $2 today, $5 first term, $6 last term; without the two: the last terms that have begun."""

_TYPES: Final = {str(one): sector_of(one, None) for one in AcademyType}
_PHASES: Final = {str(one): sector_of(None, one) for one in PhaseOfEducation}


def _case(column: str, sectors: Mapping[str, Sector | None]) -> str:
    told = " ".join(f"when '{key}' then '{sector}'" for key, sector in sectors.items() if sector)
    return f"case {column} {told} end"


_SECTOR: Final = f"coalesce({_case('a.type', _TYPES)}, {_case('a.phase_of_education', _PHASES)})"
FITS: Final = f"""(select f.sector is null or q.sector is null or q.sector = f.sector
    or (q.sector = 'all_through' and f.sector in ('primary', 'secondary')) from (select {_SECTOR} as sector) q)"""
"""Whether framework f may be meant for academy a: what `Framework.fits` does not answer with no."""
