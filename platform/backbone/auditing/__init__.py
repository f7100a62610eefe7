"""Reading the audit (`backbone.audit`): who did what to what, for those who check it."""
