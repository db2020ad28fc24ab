from . import test_engine_tiers
