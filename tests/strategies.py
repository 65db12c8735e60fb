"""What the benchmarks take from `adjudge.testing`."""

from adjudge.testing.made_up import record as record
