"""The world as an assessor of other agents, over A2A. Needs the extra `a2a`."""
