from .codes import *
from .flow import *
from .channel import *
from .claims import *
from .stock_estimate import *
from .standards import *
from .warehouse import *
from .recall import *
