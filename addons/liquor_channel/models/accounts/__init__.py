from . import account_mapping
from . import period
from . import res_company
from . import accrual_run
from . import accrual_line
from . import account_move
