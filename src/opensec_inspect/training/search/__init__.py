"""Looking for policies that a reward pays for the wrong reasons."""
