from . import partners
from . import policies
from . import earnings
from . import accounts
from . import settlement
from . import funds
from . import expenses
from . import flow_reports
