from . import test_engine_epcis
from . import test_epcis
from . import test_openapi
