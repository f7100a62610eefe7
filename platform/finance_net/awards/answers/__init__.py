"""What the bank answers: settled, refused, unknown or come back; taken whole, once, and booked."""
