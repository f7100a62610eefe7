"""Who may do what with invitations; answering stands in `states.LIFE`."""

from sky_net.invitations.parties import own_institute, poster, zone_auditor, zone_broker, zone_operator

CAN_INVITE = (zone_operator, zone_broker, poster)
# A competitor is in neither row: for it the invitation does not exist.
CAN_READ_ALL = (zone_operator, zone_broker, zone_auditor, poster)
CAN_READ = (*CAN_READ_ALL, own_institute)
