from . import api
from . import code_page
from . import print_file
