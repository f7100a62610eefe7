"""Receipts: what was answered to whom under which text and facts, kept so that it can be answered again, byte for byte."""
