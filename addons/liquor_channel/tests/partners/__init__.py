from . import test_engine_territory
