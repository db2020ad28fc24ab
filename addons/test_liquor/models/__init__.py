from . import test_liquor_entry
from . import test_liquor_row
