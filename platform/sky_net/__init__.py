"""天网:线上匹配与 1/5/15 响应机制。 The sky net: online matching and the 1/5/15-day response mechanism."""
