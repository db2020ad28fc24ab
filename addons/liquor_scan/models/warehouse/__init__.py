from . import stock_package
from . import picking_scan
from . import picking_answer
from . import stock_picking
from . import picking_judge
from . import picking_fill
from . import picking_done
from . import close_list
