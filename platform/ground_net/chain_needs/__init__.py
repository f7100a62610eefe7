"""Needs that an industry chain raises for several enterprises, and the board of a chain: needs and offers by segment."""
