from . import test_api
from . import test_scan_request
