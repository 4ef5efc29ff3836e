"""Good packs, broken on purpose: the kinds of fault that can be planted, each module of them entered in KINDS."""

from tests.packs.breaking import codes, contradictions, files, keys, neighbours, values
from tests.packs.breaking.kinds import KINDS

__all__ = ["KINDS", "codes", "contradictions", "files", "keys", "neighbours", "values"]
