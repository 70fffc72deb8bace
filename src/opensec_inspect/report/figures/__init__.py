"""The figures of a report, one module each, drawn with matplotlib."""
