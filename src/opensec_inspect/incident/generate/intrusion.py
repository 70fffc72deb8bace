"""The rows of a case: how it began, and what each further move leaves, on success and when stopped."""

from opensec_inspect.incident.dice import Dice
from opensec_inspect.incident.forms import Party, Pen, data
from opensec_inspect.incident.generate.cast import Cast
from opensec_inspect.incident.network import Host
from opensec_inspect.incident.rows import Row
from opensec_inspect.incident.scenario import (
    Attack,
    Difficulty,
    Failure,
    Foothold,
    Move,
    Stage,
)

_AFTER_ENTRY: tuple[Stage, ...] = ("creds_used", "lateral_move", "data_access", "exfil_attempt")


def attack_of(dice: Dice, cast: Cast, difficulty: Difficulty, opened_at: str) -> tuple[Attack, list[str]]:
    """The attack graph and the keys of the rows that settle the data target.

    Everything later lives on the case's account or domain: lateral moves use the account, a second
    victim is worked through the domain, and both ways out need one of the two. Persistence needs
    patient zero. So patient zero, account and domain are required, and nothing else is.
    """
    pen = Pen("move", "attacker", dice, opened_at)
    moves = Moves(pen, cast)
    full = difficulty == "standard"
    reads = [moves.access(cast.stepping_stone.id, "a")]
    chain = [moves.use_credentials(), moves.lateral_a(), *reads]
    if full:
        reads.append(moves.access(cast.other_stone.id, "b"))
        chain = [*chain, moves.lateral_b(), reads[1]]
    aside = [moves.persist(), moves.re_phish()]
    if full and dice.chance(0.5):
        # Half of the standard attackers take their precautions on the way, the others at the end.
        chain[1:1] = aside
        aside = []
    chain += [moves.exfil_domain(), moves.exfil_mailbox(), *aside]
    if full:
        chain.append(moves.lateral_c())
    chain += [moves.retreat(), moves.wait()]
    settling = [row.key for move in reads for row in move.rows if row.table in ("process_events", "alerts")]
    count = {"trivial": 0, "easy": 1, "standard": dice.between(1, 3)}[difficulty]
    late = difficulty == "trivial"
    opening = Foothold(
        stage="exfil_attempt" if late else "phish_sent",
        hosts=frozenset(
            {cast.case.host.id} | ({cast.stepping_stone.id} if difficulty == "trivial" else set())
        ),
        accounts=frozenset({cast.case.user.id}),
        assets=frozenset({cast.target.id} if difficulty == "trivial" else set()),
        persistent=False,
        exfiltrated=False,
    )
    attack = Attack(
        opening=opening,
        domains=(cast.case.domain,),
        rests=tuple(sorted(dice.some(range(1, 5), count))),
        moves=tuple(chain),
    )
    return attack, settling


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
            failures=(self._refused(205, other.id), Failure(entity=other.id, rows=())),
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
            failures=(self._blocked(second),),
        )

    def access(self, host: str, branch: str) -> Move:
        """Read the target from a server it can be reached from."""
        stone = self._cast.stepping_stone if branch == "a" else self._cast.other_stone
        path = self._cast.target.path
        form = data("messages")["bulk_read"]
        slots = self._pen.slots(self._case.model_copy(update={"host": stone}), 300)
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
                self._pen.alert(330, "edr-alert", "medium", form, **slots, path=path),
            ),
            failures=(self._refused(270, host),),
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
            failures=(self._blocked(there), Failure(entity=stone.id, rows=())),
        )

    def exfil_mailbox(self) -> Move:
        """Out through the account's own mailbox."""
        host, path = self._cast.stepping_stone, self._cast.target.path
        command = f"mailsend.exe --as {self._user.email} --attach {path}"
        row = self._pen.process(420, host, self._user, name="mailsend.exe", parent="cmd.exe", command=command)
        return Move(
            id="exfiltrate-b",
            name="exfiltrate",
            technique="T1048",
            stages=("data_access", "exfil_attempt"),
            next_stage="exfil_attempt",
            host=host.id,
            account=self._user.id,
            asset=self._cast.target.id,
            rows=(row, self._pen.sign_in(421, self._user, host, method="oauth_grant", detail="app=Mail")),
            failures=(self._refused(430, host.id), Failure(entity=host.id, rows=())),
        )

    def persist(self) -> Move:
        """A scheduled job on patient zero."""
        name = f"task-{self._pen.dice.hex(4)}"
        command = f"schtasks.exe /create /tn {name} /tr run-{self._pen.dice.hex(4)}"
        return Move(
            id="persist",
            name="persist",
            technique="T1053.005",
            stages=("phish_sent", *_AFTER_ENTRY),
            next_stage=None,
            host=self._host.id,
            rows=(
                self._pen.process(
                    480, self._host, self._user, name="schtasks.exe", parent="cmd.exe", command=command
                ),
            ),
            failures=(Failure(entity=self._host.id, rows=()),),
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
            failures=(self._blocked(second),),
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

    def _refused(self, second: int, host_id: str | None) -> Failure:
        """A sign-in that fails because the account was reset."""
        stones = (self._cast.stepping_stone, self._cast.other_stone)
        host = next((stone for stone in stones if stone.id == host_id), None)
        row = self._pen.sign_in(
            second, self._user, host, method="kerberos", result="failure", detail="credentials changed"
        )
        return Failure(entity=self._user.id, rows=(row,))

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
