from . import test_claim_launch
from . import test_code_claim
from . import test_claim_many
from . import test_claim_page
from . import test_member_attribution
