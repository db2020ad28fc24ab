from . import test_authority
from . import test_engine_owed
from . import test_engine_stacking
from . import test_engine_tiers
from . import test_period_kinds
from . import test_policy
from . import test_special
from . import test_wording
