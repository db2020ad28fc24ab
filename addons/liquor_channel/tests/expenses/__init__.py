from . import test_engine_claims
from . import test_expense
from . import test_payment
from . import test_unclaimed
from . import test_proof
from . import test_portal_expense
from . import test_cost_roles
from . import test_clawback
