from . import test_engine_compare
from . import test_engine_pilot
from . import test_engine_rerate
from . import test_pilot
from . import test_simulation
from . import test_rerate
from . import test_rerate_per_unit
