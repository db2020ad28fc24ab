from . import test_engine_estimate
