"""请假与代理 (absences): who stands in for somebody on leave."""
