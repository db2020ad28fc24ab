from . import test_engine_territory
from . import test_partners
