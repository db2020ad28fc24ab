from . import test_scan_day
from . import test_scan_place
