"""Everything that monitoring answers, each from a module of its own."""

from sky_net.monitoring.at_risk import list_at_risk
from sky_net.monitoring.compliance import report_compliance
from sky_net.monitoring.forecast import forecast_breaches
from sky_net.monitoring.funnel import report_funnel
from sky_net.monitoring.overrun import report_overrun
from sky_net.monitoring.trend import report_trend

__all__ = [
    "forecast_breaches", "list_at_risk", "report_compliance", "report_funnel", "report_overrun", "report_trend",
]  # fmt: skip
