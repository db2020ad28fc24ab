from . import print_file
from . import code_page
from . import code_claim
from . import api
from . import terminal_scan
