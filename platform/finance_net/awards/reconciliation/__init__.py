"""Reconciliation: what the bank booked beside what the platform holds to be paid and recovered."""
