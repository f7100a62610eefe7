"""Handing an enterprise over to a bank, by its consent and with a clock; what the bank answers is put on record."""
