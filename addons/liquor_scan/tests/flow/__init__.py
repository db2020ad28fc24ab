from . import test_api
from . import test_picking_scan
from . import test_scan_request
from . import test_terminal_scan
