"""Credit: scores by scorecards that the operator loads, loans that are published, and their hand-over to a bank."""
