"""响应时钟 (the response clock): confirm in 1 working day, talk in 5, propose in 15."""
