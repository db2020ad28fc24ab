from . import test_engine_grouping
from . import test_accounts
from . import test_examples
from . import test_ways_of_payment
from . import test_set_up
