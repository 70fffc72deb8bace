"""The programs: one module per product with what is known of it, their texts as data beside them."""
