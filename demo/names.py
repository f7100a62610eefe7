"""Invented names, drawn by the seed: nobody's name, nobody's telephone, and marked as examples."""

import random
from dataclasses import dataclass

from backbone.directory.credit_code import ALPHABET, check_character
from backbone.directory.regions import REGIONS

MARK = "（示例）"
FIRST = "云岚澜衡垣岑屿霁湛朔祺珩砺沐弈峤昀霖泓峻"
SECOND = "泽川野亭洲原汀谷帆舟桥林岳峰渡禾桐溪石湾"
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"


@dataclass(frozen=True)
class Person:
    """An invented contact."""

    name: str
    phone: str
    email: str

    def as_contact(self) -> dict[str, str]:
        """The contact as the API takes it."""
        return {"name": self.name, "phone": self.phone, "email": self.email}


class Names:
    """All names of one demo; the same seed gives the same ones, whatever the order of asking."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        house = [first + second for first in FIRST for second in SECOND]
        random.Random(seed).shuffle(house)
        self._houses = house

    def enterprise(self, key: str, trade: str, region: str) -> str:
        """As 武汉云泽光模块技术有限公司（示例）."""
        place = REGIONS[region.partition("-")[0]].label.zh.removesuffix("市")[:2]
        return f"{place}{self._house(key)}{trade}有限公司{MARK}"

    def institute(self, key: str, trade: str) -> str:
        """As 岚川光子技术研究院（示例）."""
        return f"{self._house(key)}{trade}{MARK}"

    def person(self, key: str) -> Person:
        """A contact with a number that no exchange serves and a reserved mail domain."""
        draw = self._draw(f"person {key}")
        return Person(
            f"{draw.choice(SURNAMES)}工{MARK}",
            f"000-0000-{draw.randrange(10_000):04d}",
            f"{key.lower()}@example.org",
        )

    def credit_code(self, key: str) -> str:
        """A code with a right check character in a district that does not exist."""
        draw = self._draw(f"code {key}")
        first_17 = "91429999" + "".join(draw.choice(ALPHABET) for _ in range(9))
        return first_17 + check_character(first_17)

    def first_number(self) -> int:
        """Where the human numbers of needs and achievements start."""
        return self._draw("numbers").randrange(100, 90_000)

    def _house(self, key: str) -> str:
        # Institutes and enterprises draw from two halves of the list, so that no two share a house name.
        half = len(self._houses) // 2
        return self._houses[int(key[1:]) + (half if key.startswith("I") else 0)]

    def _draw(self, what: str) -> random.Random:
        return random.Random(f"{self.seed} {what}")
