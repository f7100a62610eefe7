"""Pushed, not searched: what an enterprise may apply for now, what is missing and until when, told once."""
