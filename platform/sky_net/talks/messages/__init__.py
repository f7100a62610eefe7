"""Messages between an enterprise, one invited institute and the operators about one need; they stop no clock."""
