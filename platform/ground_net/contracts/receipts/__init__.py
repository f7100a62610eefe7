"""Cash received for a contract: append-only, never above it, corrected by a reversal."""
