"""Signs of a person in free words: telephones, addresses for mail, identity numbers. Pure.

Names are not among them: no list tells them from other words. What is found here is never repeated in an answer.
"""

import re

from backbone.errors import Bilingual

_SIGNS: tuple[tuple[re.Pattern[str], Bilingual], ...] = (
    (re.compile(r"(?<![0-9.])(?:\+?86[-\s]?)?1[3-9][0-9][-\s]?[0-9]{4}[-\s]?[0-9]{4}(?![0-9])"), Bilingual("手机号", "a mobile number")),
    (re.compile(r"(?<![0-9.])0[0-9]{2,3}[-\s][0-9]{7,8}(?![0-9])"), Bilingual("电话号码", "a telephone")),
    (re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"), Bilingual("邮箱", "an e-mail address")),
    (re.compile(r"(?<![0-9A-Za-z])[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx](?![0-9A-Za-z])"),
     Bilingual("身份证号", "an identity number")),
)  # fmt: skip
_WIDE = str.maketrans("０１２３４５６７８９－＠．＋", "0123456789-@.+")


def personal_sign_in(text: str) -> Bilingual | None:
    """What kind of personal value stands in the text, None for none; full-width digits are digits."""
    plain = text.translate(_WIDE)
    return next((label for pattern, label in _SIGNS if pattern.search(plain)), None)
