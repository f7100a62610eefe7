"""Who may do what with invitations; answering stands in `states.LIFE`."""

from sky_net.invitations.parties import own_institute, poster, zone_auditor, zone_broker, zone_operator

CAN_INVITE = (zone_operator, zone_broker, poster)
# An institute is not in this row: it reads its own invitations, and those of a competitor do not exist for it.
CAN_READ_ALL = (zone_operator, zone_broker, zone_auditor, poster)
# What the two sides wrote to each other may name the enterprise: a broker may know the need in its masked view alone.
CAN_READ_ALL_WORDS = (zone_operator, zone_auditor, poster)
CAN_READ_WORDS = (*CAN_READ_ALL_WORDS, own_institute)
