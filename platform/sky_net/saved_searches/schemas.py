"""What HTTP may say of saved searches."""

from typing import Any

from backbone.directory.fields import AreaCode, IndustryCode
from backbone.fields import Choice, Identifier, Instant, Schema, Several, Text, Whole
from backbone.pages import PageQuery, sort_field
from sky_net.achievements import vocabulary as offers
from sky_net.needs import vocabulary as needs
from sky_net.saved_searches.models import SOURCES

MODES = tuple(dict.fromkeys((*needs.COOPERATION_MODES, *offers.TRANSFER_MODES)))


class _Filters(Schema):
    """The facets of browseFittingNeeds, and of browseMatches for achievements."""

    industry = Several(IndustryCode(), 20)
    region = Several(AreaCode(), 20)
    trl_min = Whole(offers.TRL_LEAST, offers.TRL_MOST)
    mode = Several(Choice(MODES), 20, metadata={"description": "至少具备其中一种 / at least one of these"})


class SavedSearchEntry(_Filters):
    """What to look for, in which source, under which title."""

    source = Choice(SOURCES, required=True, metadata={"description": "在什么中检索 / in what is searched"})
    title = Text(100, required=True)
    text = Text(2000, required=True)


class SavedSearchView(SavedSearchEntry):
    """A saved search of one's own."""

    id = Identifier()
    created_at = Instant()

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """A facet out of the filters, everything else the row's own."""
        return (
            obj.filters.get(attr, default)
            if attr in _Filters._declared_fields
            else getattr(obj, attr, default)
        )


class SavedSearchQuery(PageQuery):
    """The order of saved searches."""

    sort = sort_field(["created_at"], "created_at")


class FindView(Schema):
    """Something new that was found: a need or an achievement, to be shown by its own operation."""

    document_id = Identifier()
    number = Text()
    found_at = Instant()


class FindQuery(PageQuery):
    """The order of finds."""

    sort = sort_field(["found_at"], "-found_at")
