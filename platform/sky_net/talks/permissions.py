"""Who may do what with contacts; agreeing and disputing stand in `states.LIFE`.

An institute puts on record only its own contacts and only after accepting its invitation (checked by the service).
"""

from sky_net.invitations.parties import own_institute, poster, zone_auditor, zone_broker, zone_operator

CAN_RECORD_ANY = (zone_operator, zone_broker, poster)
# A broker may know a need in its masked view alone, so it reads back only what it recorded itself: the names of the
# people would undo the mask. See `reading`.
CAN_READ_ALL = (zone_operator, zone_auditor, poster)
CAN_READ = (*CAN_READ_ALL, own_institute)
