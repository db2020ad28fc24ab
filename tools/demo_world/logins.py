"""Who may log in to the demo world: one person for each working day the suite knows."""

import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Login:
    """A demo login: ``name`` is what is typed, ``person`` who it is on the screens."""

    name: str
    password: str
    role: str
    person: str


LOGINS = (
    Login("clerk", "clerk-demo", "渠道内勤 (channel clerk)", "周敏"),
    Login("warehouse", "warehouse-demo", "仓库 (warehouse)", "赵铁柱"),
    Login("finance", "finance-demo", "财务 (finance)", "钱慧"),
    Login("manager", "manager-demo", "经理 (manager)", "沈国强"),
    Login("distributor", "distributor-demo", "经销商 (distributor)", "许建民"),
    Login("terminal", "terminal-demo", "终端店主 (terminal)", "罗秀兰"),
    Login("guide", "guide-demo", "导购 (shopping guide)", "方晓燕"),
    Login("member", "member-demo", "会员 (member)", "会员"),
)
BY_NAME = {login.name: login for login in LOGINS}


def main() -> None:
    """Print who may log in."""
    width = max(len(login.name) for login in LOGINS)
    for login in LOGINS:
        sys.stdout.write(f"  {login.name:<{width}}  {login.password:<18}  {login.person}, {login.role}\n")


if __name__ == "__main__":
    main()
