from . import test_code_batch
from . import test_code_page
from . import test_print_order
from . import test_engine_archive
from . import test_engine_cipher
from . import test_engine_ff1
from . import test_engine_gs1
from . import test_engine_packing
