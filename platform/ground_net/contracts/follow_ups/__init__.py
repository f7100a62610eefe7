"""Following contracts up until they are closed: when somebody looks next, and what is overdue."""
