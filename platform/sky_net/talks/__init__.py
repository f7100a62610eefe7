"""Contacts between an enterprise and an institute, put on record with who, when, what came of it and what is next."""
