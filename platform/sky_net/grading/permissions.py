"""Who grades matches and reads the grades: whoever brings the two sides together, never one of the sides."""

from sky_net.invitations.parties import zone_auditor, zone_broker, zone_operator

CAN_GRADE = (zone_operator, zone_broker)
CAN_READ_GRADES = (*CAN_GRADE, zone_auditor)
