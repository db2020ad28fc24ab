from . import test_engine_money
