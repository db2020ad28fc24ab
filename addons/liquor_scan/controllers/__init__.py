from . import print_file
from . import code_page
from . import code_claim
from . import api
from . import channel_goods
from . import terminal_scan
from . import close_list
from . import recall
