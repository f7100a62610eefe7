"""Who calls in the matrix: one account per trade, zone and organisation, and the groups that the tables speak of.

The world has two zones. The poster's enterprise and the invited institute lie in the first (`HOME`), the rival institute
and another enterprise in the second (`AWAY`); "far" people hold their role over the second zone alone.
"""

from backbone.actor import PROVINCE, Role
from tests.factories.identity import zone

HOME, AWAY = "420100", "420500"

ROLES = {
    "poster": (Role.ENTERPRISE_MEMBER, "enterprise"),
    "neighbour": (Role.ENTERPRISE_MEMBER, "neighbouring"),
    "far_poster": (Role.ENTERPRISE_MEMBER, "far_enterprise"),
    "researcher": (Role.INSTITUTE_MEMBER, "institute"),
    "office": (Role.TRANSFER_OFFICE, "institute"),
    "rival_office": (Role.TRANSFER_OFFICE, "rival"),
    "operator": (Role.OPERATOR, zone(HOME)),
    "far_operator": (Role.OPERATOR, zone(AWAY)),
    "supervisor": (Role.OPERATOR, PROVINCE),
    "collector": (Role.COLLECTOR, zone(HOME)),
    "far_collector": (Role.COLLECTOR, zone(AWAY)),
    "registrar": (Role.REGISTRAR, zone(HOME)),
    "broker": (Role.BROKER, zone(HOME)),
    "far_broker": (Role.BROKER, zone(AWAY)),
    "auditor": (Role.AUDITOR, zone(HOME)),
    "far_auditor": (Role.AUDITOR, zone(AWAY)),
    "chief_auditor": (Role.AUDITOR, PROVINCE),
    "administrator": (Role.ADMINISTRATOR, PROVINCE),
    "fund_manager": (Role.FUND_MANAGER, PROVINCE),
    "policy_officer": (Role.POLICY_OFFICER, PROVINCE),
}
"""Role, and its scope or the world's attribute that is the organisation."""

NOBODY, REMOVED, EXPERT = "nobody", "removed", "expert"
"""Without any role: an account, one whose membership in the poster's enterprise was ended, and the expert's without consent."""

EVERYONE = frozenset({*ROLES, NOBODY, REMOVED, EXPERT})
SPECIALIST = frozenset({EXPERT})
POSTER = frozenset({"poster"})
OPERATORS = frozenset({"operator", "supervisor"})
CHIEF_AUDITOR = frozenset({"chief_auditor"})
AUDITORS = frozenset({"auditor", "chief_auditor"})
BROKER = frozenset({"broker"})
INVITED = frozenset({"researcher", "office"})
RIVAL = frozenset({"rival_office"})
INSTITUTES = INVITED | RIVAL
ADMINISTRATOR = frozenset({"administrator"})
FIRST_ZONE = OPERATORS | AUDITORS | ADMINISTRATOR
SECOND_ZONE = frozenset({"far_operator", "far_auditor", "supervisor", "chief_auditor"}) | ADMINISTRATOR
"""Who in office knows of the enterprises of each zone."""
ANY_OPERATOR = OPERATORS | {"far_operator"}

WHOLE = POSTER | OPERATORS | AUDITORS
"""Who reads everything of a need of the first zone once it was submitted."""
KNOWN = WHOLE | BROKER | INSTITUTES
"""Who knows of a confirmed need that is public or masked."""

# Callers who are nobody at all: what each sends is made in `stage`.
STRANGERS = ("no token", "revoked token", "expired token", "forged token", "truncated token")
