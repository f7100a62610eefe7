"""Whose minutes an over-run was made of: by kind of party and by organisation, over the needs due in a period."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backbone.actor import Actor
from backbone.directory.permissions import reported_zones
from sky_net.monitoring import models
from sky_net.monitoring.periods import Period, instant_of, period_of
from sky_net.monitoring.states import MISSED
from sky_net.sla.reporting import promise_clocks
