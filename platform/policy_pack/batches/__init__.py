"""Every enterprise under every policy: answers to be read and exported, or news to be told, a part per transaction."""
