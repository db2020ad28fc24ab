from . import test_code_batch
from . import test_code_page
from . import test_print_order
