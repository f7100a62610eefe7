"""Experts of institutes: listed for others only with a dated consent, which can be taken back at once."""
