"""What happens every day: work, machines, mail, the service desk, the registers."""
