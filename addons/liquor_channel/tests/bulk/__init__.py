from . import test_engine_cells
from . import test_engine_compare
from . import test_engine_cuts
from . import test_targets
from . import test_overlays_and_transfers
from . import test_claims
