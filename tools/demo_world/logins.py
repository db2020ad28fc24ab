"""Who may log in to the demo world: one person for each working day the suite knows."""

import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Login:
    """A demo login: ``name`` is what is typed, ``person`` who it is on the screens, ``lands`` his first page.

    A member has no account: he types his phone on ``/m/login``, and the one-time code is shown there.
    """

    name: str
    password: str
    role: str
    person: str
    lands: str

    @property
    def is_account(self) -> bool:
        """Tell whether one logs in by name and password."""
        return not self.lands.startswith("/m/")


LOGINS = (
    Login("clerk", "clerk-demo", "渠道内勤 (channel clerk)", "周敏", "结算"),
    Login("warehouse", "warehouse-demo", "仓库 (warehouse)", "赵铁柱", "待发货出库单"),
    Login("finance", "finance-demo", "财务 (finance)", "钱慧", "打款批次"),
    Login("controller", "controller-demo", "财务复核 (second pair of eyes)", "尤静", "打款批次"),
    Login("manager", "manager-demo", "经理 (manager)", "沈国强", "流向明细"),
    Login("distributor", "distributor-demo", "经销商 (distributor)", "许建民", "/my/channel"),
    Login("terminal", "terminal-demo", "终端店主 (terminal)", "罗秀兰", "/my/terminal"),
    Login("guide", "guide-demo", "导购 (shopping guide)", "方晓燕", "/my/guide"),
    Login("13900001000", "(code on the page)", "会员 (member)", "会员", "/m/login"),
)
BY_NAME = {login.name: login for login in LOGINS}


def main() -> None:
    """Print who may log in."""
    width = max(len(login.name) for login in LOGINS)
    for login in LOGINS:
        sys.stdout.write(
            f"  {login.name:<{width}}  {login.password:<18}  {login.person}, {login.role}, {login.lands}\n"
        )


if __name__ == "__main__":
    main()
