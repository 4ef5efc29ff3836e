"""The REST door: parse, call one command or one query, translate."""
