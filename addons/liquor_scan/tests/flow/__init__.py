from . import test_scan_request
