"""What each move of a case leaves behind: the rows of success, and those of an attempt that was stopped."""

from collections.abc import Iterable

from opensec_inspect.incident.generate.cast import Cast
from opensec_inspect.incident.scenario.network import Host, User
from opensec_inspect.incident.scenario.rows import Row
from opensec_inspect.incident.scenario.scenario import Failure, Move, Stage
from opensec_inspect.incident.telemetry.forms import Party, Pen, data

_AFTER_ENTRY: tuple[Stage, ...] = ("creds_used", "lateral_move", "data_access", "exfil_attempt")


def with_technique(rows: Iterable[Row], technique: str | None) -> tuple[Row, ...]:
    """The rows, each with the ATT&CK technique that it is evidence of."""
    return tuple(row.model_copy(update={"technique": technique}) for row in rows)


class Moves:
    """Writes the moves of one case."""

    def __init__(self, pen: Pen, cast: Cast) -> None:
        self._pen, self._cast = pen, cast
        self._case = cast.case
        self._user, self._host, self._domain = cast.case.user, cast.case.host, cast.case.domain

    def use_credentials(self) -> Move:
        """Sign in with the stolen account."""
        pen = self._pen
        return Move(
            id="use_credentials",
            name="use_credentials",
            technique="T1078",
            stages=("phish_sent",),
            next_stage="creds_used",
            account=self._user.id,
            rows=(
                pen.sign_in(40, self._user, None, method="mfa_push", detail="gateway"),
                pen.sign_in(95, self._user, self._host, method="kerberos"),
            ),
            failures=(self._refused(60, None),),
        )

    def lateral_a(self) -> Move:
        """From patient zero to the server that stores the target."""
        stone = self._cast.stepping_stone
        return Move(
            id="move_laterally-a",
            name="move_laterally",
            technique="T1021.002",
            stages=_AFTER_ENTRY,
            next_stage="lateral_move",
            host=self._host.id,
            account=self._user.id,
            to_host=stone.id,
            rows=(
                self._pen.hop(120, self._host, stone, protocol="smb"),
                self._pen.sign_in(124, self._user, stone, method="kerberos"),
                self._session(150, stone.hostname),
            ),
            failures=(
                self._refused(130, stone.id),
                self._dropped(self._host.id, self._host, stone),
                self._dropped(stone.id, self._host, stone),
            ),
        )

    def lateral_b(self) -> Move:
        """Straight through the remote gateway to the other server."""
        other = self._cast.other_stone
        return Move(
            id="move_laterally-b",
            name="move_laterally",
            technique="T1021.001",
            stages=("creds_used",),
            next_stage="lateral_move",
            account=self._user.id,
            to_host=other.id,
            rows=(
                self._pen.sign_in(200, self._user, other, method="kerberos"),
                self._session(230, other.hostname),
            ),
            failures=(self._refused(205, other.id), self._unreachable(205, other)),
        )

    def lateral_c(self) -> Move:
        """To the other server, riding a second victim's session through the domain."""
        second, other = self._cast.second_victim, self._cast.other_stone
        return Move(
            id="move_laterally-c",
            name="move_laterally",
            technique="T1550.004",
            stages=("creds_used",),
            next_stage="lateral_move",
            account=second.user.id,
            domain=self._domain,
            to_host=other.id,
            rows=(
                self._pen.visit(70, second),
                self._pen.sign_in(80, second.user, other, method="kerberos"),
            ),
            failures=(
                self._blocked(second),
                self._refused(75, other.id, second.user),
                self._unreachable(75, other, second.user),
            ),
        )

    def access(self, host: str, branch: str) -> Move:
        """Read the target from a server it can be reached from."""
        stone = self._cast.stepping_stone if branch == "a" else self._cast.other_stone
        path = self._cast.target.path
        there = self._case.model_copy(update={"host": stone})
        return Move(
            id=f"access_data-{branch}",
            name="access_data",
            technique="T1039",
            stages=("lateral_move", "data_access"),
            next_stage="data_access",
            host=host,
            account=self._user.id,
            asset=self._cast.target.id,
            rows=(
                self._pen.read_files(260, stone, self._user, path),
                self._pen.bulk_read(330, there, path),
            ),
            failures=(self._refused(270, host), self._unreachable(270, stone)),
        )

    def exfil_domain(self) -> Move:
        """Out to the attacker's domain."""
        stone = self._cast.stepping_stone
        there = Party(host=stone, user=self._user, domain=self._domain)
        return Move(
            id="exfiltrate-a",
            name="exfiltrate",
            technique="T1041",
            stages=("data_access", "exfil_attempt"),
            next_stage="exfil_attempt",
            host=stone.id,
            domain=self._domain,
            asset=self._cast.target.id,
            rows=(self._pen.browse(400, there), self._pen.visit(410, there, big=True)),
            failures=(
                self._blocked(there),
                Failure(entity=stone.id, rows=(self._pen.visit(415, there, verdict="reset"),)),
            ),
        )

    def exfil_mailbox(self) -> Move:
        """Out through the account's own mailbox."""
        host, path = self._cast.stepping_stone, self._cast.target.path
        app = f"app={self._pen.dice.pick(data('words')['apps'])}"
        return Move(
            id="exfiltrate-b",
            name="exfiltrate",
            technique="T1048",
            stages=("data_access", "exfil_attempt"),
            next_stage="exfil_attempt",
            host=host.id,
            account=self._user.id,
            asset=self._cast.target.id,
            rows=(
                self._pen.send_files(420, host, self._user, path),
                self._pen.sign_in(421, self._user, host, method="oauth_grant", detail=app),
            ),
            failures=(self._refused(430, host.id), self._unreachable(430, host)),
        )

    def persist(self) -> Move:
        """A scheduled job on patient zero."""
        return Move(
            id="persist",
            name="persist",
            technique="T1053.005",
            stages=("phish_sent", *_AFTER_ENTRY),
            next_stage=None,
            host=self._host.id,
            rows=(self._pen.schedule(480, self._host, self._user),),
            failures=(self._unreachable(480, self._host),),
        )

    def re_phish(self) -> Move:
        """The same bait for somebody else."""
        second = self._cast.second_victim
        return Move(
            id="re_phish",
            name="re_phish",
            technique="T1566.002",
            stages=_AFTER_ENTRY,
            next_stage=None,
            domain=self._domain,
            to_account=second.user.id,
            rows=(
                self._pen.mail(20, second.user, self._domain),
                self._pen.browse(140, second),
                self._pen.visit(142, second, protocol="https-form"),
            ),
            failures=(self._blocked(second), self._refused(150, None, second.user)),
        )

    def retreat(self) -> Move:
        """Fall back and keep quiet."""
        return Move(
            id="retreat",
            name="retreat",
            technique=None,
            stages=("lateral_move", "data_access"),
            next_stage="creds_used",
        )

    def wait(self) -> Move:
        """Do nothing this step."""
        stages: tuple[Stage, ...] = ("phish_sent", *_AFTER_ENTRY)
        return Move(id="wait", name="wait", technique=None, stages=stages, next_stage=None)

    def _refused(self, second: int, host_id: str | None, user: User | None = None) -> Failure:
        """A sign-in, of the case's user unless said, that fails because the account was reset."""
        user = user or self._user
        stones = (self._cast.stepping_stone, self._cast.other_stone)
        host = next((stone for stone in stones if stone.id == host_id), None)
        return Failure(entity=user.id, rows=(self._failed(second, user, host, "credentials changed"),))

    def _unreachable(self, second: int, host: Host, user: User | None = None) -> Failure:
        """A sign-in at a host, of the case's user unless said, that fails because the host is isolated."""
        return Failure(
            entity=host.id, rows=(self._failed(second, user or self._user, host, "host unreachable"),)
        )

    def _failed(self, second: int, user: User, host: Host | None, why: str) -> Row:
        return self._pen.sign_in(second, user, host, method="kerberos", result="failure", detail=why)

    def _dropped(self, entity: str, src: Host, dst: Host) -> Failure:
        """A connection that is reset because one end is isolated."""
        row = self._pen.hop(125, src, dst, protocol="smb", verdict="reset")
        return Failure(entity=entity, rows=(row,))

    def _blocked(self, who: Party) -> Failure:
        """A connection that the perimeter refuses."""
        return Failure(entity=who.domain, rows=(self._pen.visit(415, who, verdict="blocked"),))

    def _session(self, second: int, hostname: str) -> Row:
        form = data("messages")["remote_session"]
        slots = self._pen.slots(self._case, second) | {"host": hostname}
        return self._pen.alert(second, "network-alert", "low", form, **slots)
