"""The edge: limits and hostile input."""
