"""Hypothesis profiles: `default` is quick and always the same; `deep` searches (`pytest --hypothesis-profile=deep`)."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("default", derandomize=True, database=None, max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("deep", derandomize=False, max_examples=3000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fuzz", derandomize=False, max_examples=1_500, deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile("default")
