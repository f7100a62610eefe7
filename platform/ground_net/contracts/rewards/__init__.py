"""What the inventors are paid out of a contract's net income: at least the share that the rules demand."""
