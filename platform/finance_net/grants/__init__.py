"""Grants: rounds in which enterprises apply, are reviewed blind, selected, announced and awarded."""
