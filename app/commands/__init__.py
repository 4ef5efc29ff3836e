"""All writes, one function per intention: load, decide, record."""
