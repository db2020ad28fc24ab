from . import test_engine_levels
from . import test_member
from . import test_qualifying_event
from . import test_new_guests
