from . import liquor_run
from . import test_liquor_entry
from . import test_liquor_row
