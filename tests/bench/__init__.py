"""Benchmarks: counts and ratios first, for they are the same on any machine."""
