"""Supplements of a contract: what each changed, kept with the terms before it."""
