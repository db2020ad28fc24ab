from . import test_engine_epcis
from . import test_epcis
from . import test_epcis_recall
from . import test_epcis_shipment
from . import test_openapi
