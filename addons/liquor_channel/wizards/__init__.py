from . import earning_hold
from . import territory_import
