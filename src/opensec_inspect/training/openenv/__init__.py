"""The world as an OpenEnv environment: server side and client side. Needs the extra `openenv`."""
