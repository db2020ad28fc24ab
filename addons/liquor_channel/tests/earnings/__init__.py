from . import test_engine_money
from . import test_earn
from . import test_points
from . import test_bring_up_to_date
from . import test_earning
from . import test_caps
from . import test_flow_fact
