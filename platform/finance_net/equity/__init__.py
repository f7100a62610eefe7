"""Investing in enterprises: deals from their source over diligence, committee and agreement to capital calls, value and exit."""
