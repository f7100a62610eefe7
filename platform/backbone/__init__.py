"""What every net stands on; it knows none of them."""
