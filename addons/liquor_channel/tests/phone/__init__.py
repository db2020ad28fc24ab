from . import test_member_payee
