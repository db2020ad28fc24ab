from . import test_engine_money
from . import test_earn
