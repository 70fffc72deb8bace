"""What all behaviours stand on: a day in an organisation, its words, records and connections."""
