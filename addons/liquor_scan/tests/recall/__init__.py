from . import test_recall
from . import test_recall_page
from . import test_engine_locate
