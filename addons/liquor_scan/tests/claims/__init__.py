from . import test_code_claim
from . import test_claim_page
