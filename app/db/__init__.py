"""Where I/O starts: the database, the unit of work, the event log and the reading compiler."""
