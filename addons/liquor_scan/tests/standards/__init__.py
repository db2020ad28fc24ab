from . import test_engine_epcis
