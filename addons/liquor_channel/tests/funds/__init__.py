from . import test_engine_stages
from . import test_engine_sources
from . import test_fund
from . import test_charge
from . import test_engine_course
from . import test_fund_course
from . import test_charge_storno
from . import test_migration
