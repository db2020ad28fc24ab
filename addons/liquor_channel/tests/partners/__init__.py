from . import test_access_log
from . import test_engine_duplicates
from . import test_engine_roles
from . import test_engine_territory
from . import test_life_cycle
from . import test_partners
from . import test_registration
from . import test_role_login
