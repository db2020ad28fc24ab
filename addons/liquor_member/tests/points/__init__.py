from . import test_cash_entry
from . import test_engine_lots
from . import test_point_entry
from . import test_redemption
from . import test_delivery
