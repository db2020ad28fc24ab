from . import test_engine_lots
