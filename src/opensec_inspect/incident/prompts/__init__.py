"""Texts shown to a defender, as files; `incident.briefing` fills them in."""
