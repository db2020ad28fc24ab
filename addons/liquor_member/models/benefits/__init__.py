from . import reward
from . import benefit
from . import benefit_entitlement
from . import benefit_claim
