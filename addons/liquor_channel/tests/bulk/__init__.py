from . import test_engine_cells
from . import test_engine_compare
from . import test_engine_cuts
from . import test_targets
