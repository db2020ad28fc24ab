from . import test_engine_statement
from . import test_engine_payout_file
from . import test_engine_withdrawal
from . import test_settlement
from . import test_payout
from . import test_rebate_on_orders
from . import test_settle_month
from . import test_forged_writes
