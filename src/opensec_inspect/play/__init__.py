"""Playing a case without a model: by hand, or by a program of any language."""
