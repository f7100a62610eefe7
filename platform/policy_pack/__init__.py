"""政策包: rules as data that say yes, no or what is missing, and prove it."""
