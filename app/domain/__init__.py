"""What school improvement is and what it allows: entities and rules, no I/O and no web."""
