from . import partners
from . import policies
from . import earnings
