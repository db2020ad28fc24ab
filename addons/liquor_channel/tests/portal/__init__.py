from . import test_dispute_files
from . import test_portal
from . import test_portal_day
from . import test_portal_lists
from . import test_portal_partners
from . import test_portal_sources
from . import test_portal_statement
from . import test_portal_zone
