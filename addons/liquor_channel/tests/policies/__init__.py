from . import test_engine_owed
from . import test_engine_stacking
from . import test_engine_tiers
from . import test_policy
