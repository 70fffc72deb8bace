"""What people and machines do on an ordinary day, and on the days before it."""
