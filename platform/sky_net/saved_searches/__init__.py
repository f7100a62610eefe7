"""保存的检索 (saved searches): what somebody looks for again and again, and a notice when there is something new."""
