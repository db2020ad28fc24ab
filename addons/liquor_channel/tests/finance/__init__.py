from . import test_account_statement
from . import test_engine_account_statement
from . import test_portal_accounts
from . import test_workbook
