from . import codes
from . import flow
from . import packing
from . import aggregates
from . import claims

from . import channel
from . import warehouse
from . import recall
from . import standards
from . import stock_estimate
