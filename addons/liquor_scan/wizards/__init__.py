from . import range_wizard
from . import print_handover
from . import api_key_wizard
from . import unit_card
from . import unit_card_line
from . import unit_card_packing
from . import packing_import
from . import packing_desk
