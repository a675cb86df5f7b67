"""Dunning: the policy, the calendar and the decision about an account."""
