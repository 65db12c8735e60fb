"""Hypothesis profiles: `default` is the same every time, `deep` is for long runs by hand (`--hypothesis-profile=deep`)."""

from hypothesis import HealthCheck, settings

settings.register_profile("default", max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("deep", max_examples=100_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("default")
