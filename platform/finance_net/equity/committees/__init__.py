"""Investment committees: who decides for a fund, how a meeting voted, its minutes, and the conditions it made."""
