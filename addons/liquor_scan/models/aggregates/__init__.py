from . import scan_cursor
from . import scan_day_store
from . import scan_day
from . import scan_place
from . import scan_desk
from . import scan_event
