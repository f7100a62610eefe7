"""Awards: what was granted, paid in tranches as conditions are met, checked against the bank, and followed up."""
