"""Rounds of grants: which applications are funded, and with how much."""
