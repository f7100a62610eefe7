"""资金账本 (the ledger): money in envelopes with limits at every level, moved by transfers that nobody ever changes."""
