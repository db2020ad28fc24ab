from . import shared
from . import programme
from . import points
