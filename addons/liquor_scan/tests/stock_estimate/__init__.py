from . import test_engine_estimate
from . import test_stock_estimate
from . import test_stock_day
