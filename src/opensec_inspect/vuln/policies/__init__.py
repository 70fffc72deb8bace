"""Scripted agents: calibration weights for the outcomes, each a plan made from the certificate."""
