from . import test_engine_grouping
from . import test_accounts
from . import test_examples
