"""Next steps agreed in talks: who owes what until when."""
