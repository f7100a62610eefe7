"""What is planted in the texts of the world, so that it shows where it must not."""

WORDS, CONTACT, OFFER = "秘鲸", "13579246", "秘豚"
"""In every text of the poster's enterprise; its telephone; in every text of the invited institute that is not public."""
EXPERTISE, PRIVATE, RIVALRY = "秘鹤", "86420975", "秘鹰"
"""In every text of the expert without consent; in the telephones and consents of both; in what the other may not judge."""
GUARDED = "秘鲨"
"""In every text about the need whose confidentiality terms nobody has accepted yet."""
RECORD = "该院所近一年"  # how an institute answers, as the reasons of a match begin to say it
SECRETS = (GUARDED, WORDS, CONTACT, OFFER, EXPERTISE, PRIVATE, RIVALRY, RECORD)
PASSWORD = "世界里的密码-至少十二位"
