from . import test_engine_levels
