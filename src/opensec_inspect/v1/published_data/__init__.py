"""Published scenarios and recorded episodes: imported, stored, checked, audited; the figures they give."""
