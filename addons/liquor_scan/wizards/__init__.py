from . import range_wizard
from . import print_handover
