"""Rewards where Inspect is: logs read and priced, and written for trainers."""
