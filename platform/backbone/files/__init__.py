"""Stored files: what they are by their content, each content kept once, in PostgreSQL beside everything else.

Who may see a file is for the feature that refers to it to say; nothing here is reachable over HTTP by itself.
"""
