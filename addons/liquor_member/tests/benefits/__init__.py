from . import test_benefit
from . import test_access
