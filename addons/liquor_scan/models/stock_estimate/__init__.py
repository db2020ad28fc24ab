from . import stock_day
from . import stock_flow
from . import opening_rate
from . import stock_estimate
from . import readiness
