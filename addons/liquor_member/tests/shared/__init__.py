from . import test_engine_key_ring
from . import test_own_transaction
from . import test_secrets_box
