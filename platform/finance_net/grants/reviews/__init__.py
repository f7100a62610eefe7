"""Blind reviews: who reviews what, conflicts of interest, and the score that comes of it."""
