from . import res_company
from . import bulk_mixin
from . import ledger_mixin
from . import base_partner_merge
