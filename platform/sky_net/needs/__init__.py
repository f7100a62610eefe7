"""Needs of enterprises: drafted, assessed, submitted, confirmed, matched and answered."""
