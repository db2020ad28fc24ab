from . import test_engine_packing_table
from . import test_packing_upload
from . import test_packing_rework
from . import test_code_replacement
from . import test_packing_check
from . import test_migration
