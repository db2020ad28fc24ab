from . import res_company
from . import bulk_mixin
from . import ledger_mixin
from . import base_partner_merge
from . import liquor_run
from . import liquor_run_error
