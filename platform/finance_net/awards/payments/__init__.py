"""Payments: to which account, ordered by one and sent by another."""
