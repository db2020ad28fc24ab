from . import partners
from . import policies
from . import earnings
from . import accounts
from . import settlement
from . import flow_reports
from . import portal
