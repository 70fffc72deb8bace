"""The task family of vulnerability analysis: small programs, what is asked of them, and what is right."""
