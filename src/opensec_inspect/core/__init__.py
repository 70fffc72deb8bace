"""What every task family shares."""
