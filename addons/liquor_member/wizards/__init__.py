from . import member_join
