"""Effects: what an award led to, asked for by the months after its first payment."""
