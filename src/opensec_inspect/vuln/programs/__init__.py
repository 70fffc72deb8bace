"""The programs: one module for each, with what is known of it; texts and words are data beside them."""
