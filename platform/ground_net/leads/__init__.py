"""Leads (线索): what collectors hear at companies, worked into needs within five working days or closed with a reason."""
