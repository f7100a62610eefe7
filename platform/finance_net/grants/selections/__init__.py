"""Selections: computed, certified, approved by a second person, and explained."""
