from . import test_picking_scan
from . import test_transfers
from . import test_engine_loading
from . import test_warehouse_count
from . import test_shop_count
