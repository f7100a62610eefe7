"""Clawbacks: what of a payment is asked back, why, and what came of it."""
