"""The unit of the example."""

UNIT = "The unit that counts"
