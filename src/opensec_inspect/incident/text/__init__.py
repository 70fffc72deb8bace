"""What people and machines write: ordinary texts, and planted texts that ask for the wrong thing.

Intent first, words last: a speech act with slots, each a fact of the scenario, and productions in `data/`
that say it. Every noun of a production is a slot; a claim may be false.
"""
