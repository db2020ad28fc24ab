from . import shared
from . import programme
from . import points
from . import benefits
from . import phone
