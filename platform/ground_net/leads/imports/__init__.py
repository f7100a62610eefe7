"""Leads from files that collectors filled in offline: every row is taken or named, and no file does its work twice."""
