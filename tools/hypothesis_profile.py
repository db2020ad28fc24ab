"""Settings of hypothesis for all runs: a busy machine is no failure of a property."""

from hypothesis import HealthCheck, settings

NAME = "liquor"


def load() -> None:
    """Make the profile the default: no limit of seconds per example, none for drawing the first inputs."""
    settings.register_profile(NAME, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile(NAME)
