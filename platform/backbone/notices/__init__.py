"""通知 (notices): the outbox of the platform, and its delivery by e-mail and signed webhooks."""
