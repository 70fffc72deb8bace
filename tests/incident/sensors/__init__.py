"""Tests of the sensors, the names, the reaction to containment and the alerts."""
