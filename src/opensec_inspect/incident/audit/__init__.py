"""What a reader of one source could learn: short policies searched on one split and tested on another."""
