from . import res_company
from . import channel_role
from . import shop_place
from . import scan_collect
from . import custody
from . import stock_count
from . import stock_count_line
from . import res_partner
