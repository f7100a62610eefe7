"""What one kind of notice says."""

from dataclasses import dataclass

from backbone.errors import Bilingual


@dataclass(frozen=True)
class Wording:
    """Subject line and text of one kind."""

    subject: Bilingual
    text: Bilingual
