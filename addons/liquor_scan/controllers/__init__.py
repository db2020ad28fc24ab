from . import print_file
from . import code_page
