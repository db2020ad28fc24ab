from . import res_partner
from . import epcis_told
from . import epcis_query
from . import epcis_recall
from . import epcis_packing
from . import epcis_capture
from . import key_rotation
from . import stock_picking
