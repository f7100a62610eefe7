"""Applications of a round, with the receipt and the matter that they rest on."""
