"""金网: money that cannot be overspent and can explain itself."""
