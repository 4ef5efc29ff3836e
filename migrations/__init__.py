"""The database's history: expand, fill, contract."""
