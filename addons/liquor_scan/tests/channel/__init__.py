from . import test_goods_pages
from . import test_photographed_case
from . import test_shop_place
from . import test_stock_count
