"""Striking a supplement that was never agreed: the contract stands, at the terms before it."""
