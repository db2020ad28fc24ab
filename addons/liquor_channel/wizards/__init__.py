from . import earning_hold
from . import territory_import
from . import payout_result
from . import settle_month
from . import role_step
from . import role_merge
from . import expense_refusal
from . import account_statements
