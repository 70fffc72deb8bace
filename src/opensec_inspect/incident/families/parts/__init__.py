"""What alert families share: parties, paperwork, legs, the attack, and the frames of their cases."""
