"""Announcements: what was selected is shown in public, objected to, and decided when nothing is open."""
