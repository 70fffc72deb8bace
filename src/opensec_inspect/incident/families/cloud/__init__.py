"""Alert families in which an account of the cloud tenant is at stake, and what they share."""
