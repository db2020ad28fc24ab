from . import portal_common
from . import portal_home
from . import portal_channel
from . import portal_statement
from . import portal_wallet
from . import files
from . import member_payee
from . import portal_export
