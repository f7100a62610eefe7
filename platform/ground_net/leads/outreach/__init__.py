"""Events (活动) that a node holds to meet companies: counted by themselves, and where leads come from."""
