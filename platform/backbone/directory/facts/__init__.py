"""Dated facts of enterprises, each with its source: what policies and brokers ask for (revenue, R&D, staff, rights)."""
