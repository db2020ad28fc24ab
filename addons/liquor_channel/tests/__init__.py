from .partners import *
from .policies import *
from .earnings import *
from .accounts import *
from .settlement import *
from .flow_reports import *
from .portal import *
from .phone import *
