"""Trains the small encoder that ships with the platform; nothing at run time imports this package."""
