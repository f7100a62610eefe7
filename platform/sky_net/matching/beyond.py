"""What a search holds of offers beyond their texts, and asks for as far as the learned ranker in use heeds it; of either engine."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from sky_net.matching.changes import Changed
from sky_net.matching.comparing import Comparison, owners_of
from sky_net.matching.documents import Hit
from sky_net.matching.learning import Ranker
from sky_net.matching.offers import Offers
from sky_net.matching.records import FreshRecords
from sky_net.matching.reordering import heeds_features, heeds_records
from sky_net.matching.scales import Columns


@dataclass(frozen=True)
class Beyond:
    """For as long as its transaction lasts."""

    session: Session
    offers: Offers
    records: FreshRecords

    def columns(self, ranker: Ranker, head: Sequence[Hit], beside: Comparison | None) -> Columns | None:
        """The need beside each of these hits; only what weighs anything is read, and None where nothing does."""
        if beside is None or not heeds_features(ranker):
            return None
        offers = self.offers.of(self.session, [hit.document_id for hit in head])
        if not heeds_records(ranker):
            return beside.columns(offers, {})
        return beside.columns(offers, self.records.of(self.session, owners_of(offers), beside.at))


def still_as_they_were(offers: Offers, before: Changed, now: Changed) -> Offers:
    """Those that are held and have not changed; both are changes since the same horizon of the same index."""
    return offers.without({
        str(row_id) for row_id, (mark, _) in now.documents.items()
        if row_id not in before.documents or before.documents[row_id][0] != mark
    })  # fmt: skip
