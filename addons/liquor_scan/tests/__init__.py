from .codes import *
from .flow import *
from .claims import *
