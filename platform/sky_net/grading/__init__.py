"""What people and their answers say of matches, and the ranker that is learned from it."""
