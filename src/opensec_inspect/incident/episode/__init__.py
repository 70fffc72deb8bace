"""What is played: actions, steps, the rules of the attacker and its default policy. Values, and pure."""
