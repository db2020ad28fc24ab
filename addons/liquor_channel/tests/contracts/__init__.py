from . import test_contracts
from . import test_engine_targets
from . import test_orders
from . import test_shop_contract
from . import test_transfer
from . import test_volume_basis
