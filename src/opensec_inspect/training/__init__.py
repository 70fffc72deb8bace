"""Rewards for training and what they are paid on: parts, profiles, curricula. Pure over finished episodes."""
