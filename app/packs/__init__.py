"""Packs: improvement plans and frameworks as data, one folder per trust."""
