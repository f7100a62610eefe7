"""Asking about policies without keeping anything: what if, why, what together, how to get there, what to answer next."""
