from . import member_pages
from . import member_login
