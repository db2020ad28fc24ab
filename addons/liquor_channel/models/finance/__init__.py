from . import account_statement_line
from . import account_statement_freeze
from . import account_statement
from . import account_statement_sheets
from . import run
