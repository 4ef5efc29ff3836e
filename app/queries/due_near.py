"""Whether a due date has passed or is near, in the trust's own days of grace and of notice."""

from typing import Final

_GRACE: Final = "(select tr.overdue_grace_days from trust tr where tr.trust_id = {trust})"
_SOON: Final = "(select tr.due_soon_days from trust tr where tr.trust_id = {trust})"
PAST: Final = f"{{t}}.due_ends_on + {_GRACE} < {{today}}"
NEAR: Final = f"{{t}}.due_ends_on - {{today}} <= {_SOON}"
"""What is near and not past is due soon: within its days of grace, too, nothing is overdue."""
