"""Enterprises, institutes, regions and the industry tree."""
