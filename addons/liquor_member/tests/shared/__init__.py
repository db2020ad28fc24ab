from . import test_engine_key_ring
from . import test_engine_messages
from . import test_engine_seals
from . import test_outbound
from . import test_own_transaction
from . import test_phone_code
from . import test_rate_limit
from . import test_secrets_box
