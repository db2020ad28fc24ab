from . import test_engine_parsing
from . import test_flow_report
from . import test_large_report
from . import test_engine_tables
from . import test_report_parties
from . import test_changed_shop
from . import test_caps_of_differences
from . import test_role_place
