"""The whole pipeline on a virtual clock, with faults at every request: every schedule is replayed by its seed."""
