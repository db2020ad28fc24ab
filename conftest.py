"""Settings of the property-based tests: a slow machine never decides a test, and a failure repeats."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "liquor", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("liquor")
