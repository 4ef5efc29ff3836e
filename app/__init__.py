"""Milepost: the system of record for school improvement in English multi-academy trusts."""

__version__ = "0.1.0"
