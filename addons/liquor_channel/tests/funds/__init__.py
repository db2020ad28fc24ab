from . import test_engine_stages
from . import test_engine_sources
from . import test_fund
from . import test_charge
