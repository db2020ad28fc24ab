from . import test_bulk_mixin
from . import test_business_day
from . import test_ledger_mixin
from . import test_partner_merge
from . import test_run
from . import test_seal
from . import test_parallel
from . import test_guarded_mixin
