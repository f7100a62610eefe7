"""Industry chains (产业链): who leads (链长), who steers (链主), who joins forces (链创)."""
