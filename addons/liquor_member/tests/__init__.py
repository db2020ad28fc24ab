from .shared import *
from .programme import *
from .points import *
from .benefits import *
from .phone import *
