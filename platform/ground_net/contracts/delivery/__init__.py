"""Milestones of a contract, its delivery and acceptance."""
