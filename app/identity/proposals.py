"""What a provider's groups and roles propose for somebody who signs in for the first time."""

from dataclasses import dataclass

from app.domain.roles import Role
from app.identity.configuration import Provider
from app.identity.tokens import Verified


@dataclass(frozen=True)
class Proposed:
    """`academy_codes` of None: all of the trust."""

    roles: frozenset[Role]
    academy_codes: frozenset[str] | None


def proposed_for(verified: Verified, provider: Provider) -> Proposed:
    """Of several that fit, the roles of all; and where any of them names academies, those that are named alone."""
    fitting = [one for one in provider.propose if verified.holds(one.claim, one.value)]
    roles = frozenset(role for one in fitting for role in one.roles)
    named = [one.academies for one in fitting if one.academies is not None]
    codes = frozenset(code for academies in named for code in academies) if named or not fitting else None
    return Proposed(roles, codes)
