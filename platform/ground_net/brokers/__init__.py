"""Technology brokers (技术经纪人): what they know, whom they speak for, what they have in hand and what came of it."""
