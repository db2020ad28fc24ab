from . import fund_entry
from . import fund
from . import fund_transfer
from . import policy
from . import accrual_run
