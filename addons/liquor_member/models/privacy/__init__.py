from . import consent
from . import liquor_outbound
