"""What is added to a debt, taken off it, or spread over time: sums that are right to the cent."""
