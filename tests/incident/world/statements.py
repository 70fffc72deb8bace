"""Statements that people write, and forged ones: whom each must be judged to have shown.

The case is the hand-made one after one step. Its evidence names Mara, her laptop, the partner's domain (her
new rule forwards there) and, from that step on, the attacker's domain. Benedikt, his laptop and the rest are
named by routine and inventories alone. Source of the labels: docs/metrics.md, "Sighting and gating".
"""

from tests.incident.sensors.small_scene import BENEDIKT, LAPTOP, LURE, MARA, OTHER, PARTNER

ENTITIES = (MARA, LAPTOP, LURE, PARTNER, BENEDIKT, OTHER)
UPN = "mara.okafor@northlake-instruments.com"
THEIRS = "benedikt.voss@northlake-instruments.com"
HOST = "nli-lt-0417.northlake-instruments.com"
P = "FileName = 'update.exe'"
HOSTS = "'NLI-LT-0417', 'NLI-LT-0418', 'NLI-DC-01', 'NLI-FS-01'"
FQDNS = ", ".join(
    f"'{name}.northlake-instruments.com'" for name in ("nli-lt-0417", "nli-lt-0418", "nli-dc-01", "nli-fs-01")
)

READ: list[tuple[str, set[str]]] = [
    ("SELECT * FROM alerts", {MARA}),
    (f"SELECT * FROM process_events WHERE {P}", {MARA, LAPTOP}),
    (f"SELECT DeviceName FROM process_events WHERE {P}", {LAPTOP}),
    (f"SELECT upper(DeviceName) FROM process_events WHERE {P}", {LAPTOP}),
    (f"SELECT AccountSid FROM process_events WHERE {P}", {MARA}),
    (f"SELECT DISTINCT AccountName FROM process_events WHERE {P}", {MARA}),
    (f"SELECT group_concat(DeviceName) FROM process_events WHERE {P}", {LAPTOP}),
    (f"SELECT min(AccountName), max(DeviceName) FROM process_events WHERE {P}", {MARA, LAPTOP}),
    (f"WITH x AS (SELECT * FROM process_events WHERE {P}) SELECT AccountName FROM x", {MARA}),
    (
        f"SELECT h.hostname FROM process_events p JOIN hosts h ON h.device_id = p.DeviceId WHERE {P}",
        {LAPTOP},
    ),
    (
        "SELECT u.email, u.name FROM auth_logs a JOIN users u ON u.email = a.UserPrincipalName"
        " WHERE a.RiskLevel = 'medium'",
        {MARA},
    ),
    (
        "SELECT c.Operation, a.IPAddress FROM cloud_audit c JOIN auth_logs a USING (SessionId)"
        f" WHERE c.UserId = '{UPN}'",
        {MARA},
    ),
    ("SELECT Target FROM cloud_audit WHERE Operation = 'New-InboxRule'", {PARTNER}),
    ("SELECT substr(Target, instr(Target, '@') + 1) FROM cloud_audit", {PARTNER}),
    ("SELECT UserId, ObjectId, Target, Label FROM cloud_audit", {MARA, PARTNER}),
    ("SELECT ServerName, BytesOut FROM netflow WHERE ServerName LIKE '%northbeam%'", {LURE}),
    ("SELECT DeviceName, ServerName FROM netflow ORDER BY timestamp DESC LIMIT 10", {LAPTOP, LURE}),
    (
        "SELECT ServerName, count(*) AS n FROM netflow GROUP BY ServerName ORDER BY n LIMIT 5",
        {LURE},
    ),
    (f"SELECT count(*) FROM netflow WHERE ServerName LIKE '%{LURE}'", {LURE}),
    ("SELECT BytesOut, timestamp FROM netflow WHERE ServerName = 'login.northbeam-logistics.com'", {LURE}),
    (f"SELECT timestamp, FileName FROM process_events WHERE DeviceName = '{HOST}'", {LAPTOP}),
    (
        f"SELECT ProcessCommandLine FROM process_events WHERE DeviceName LIKE 'nli-lt-0417%' AND {P}",
        {LAPTOP},
    ),
    (
        f"SELECT FileName FROM process_events WHERE DeviceName IN ({FQDNS}) AND FileName <> 'msedge.exe'",
        {LAPTOP},
    ),
    (
        f"SELECT FileName FROM process_events WHERE DeviceName = '{HOST}' AND AccountName = 'NLI\\mokafor'",
        {LAPTOP, MARA},
    ),
    ("SELECT timestamp, FileName FROM process_events WHERE AccountName LIKE '%okafor%'", {MARA}),
    ("SELECT timestamp, FileName FROM process_events WHERE DeviceName LIKE '%lt-04%'", set()),
    (f"SELECT count(*) FROM process_events WHERE AccountName = 'NLI\\mokafor' AND {P}", {MARA}),
    (f"SELECT EXISTS (SELECT 1 FROM process_events WHERE DeviceName = '{HOST}' AND {P})", {LAPTOP}),
    (f"SELECT Answer, Method FROM identity_checks WHERE Subject = '{UPN}'", {MARA}),
    ("SELECT Subject, Answer FROM identity_checks WHERE Answer = 'denied'", {MARA}),
    (
        "SELECT DeviceName, AccountName, count(*) FROM process_events GROUP BY 1, 2 HAVING count(*) < 40",
        {MARA, LAPTOP},
    ),
    (
        "SELECT UserPrincipalName FROM auth_logs UNION ALL SELECT UserId FROM cloud_audit",
        {MARA},
    ),
    ("SELECT lag(AccountName) OVER (ORDER BY timestamp) FROM process_events ORDER BY timestamp DESC", {MARA}),
    (
        "SELECT Number, (SELECT UserPrincipalName FROM auth_logs LIMIT 1) FROM identity_checks",
        {MARA},
    ),
]
"""Honest: what the answer is judged to have shown."""

FORGED: list[tuple[str, set[str]]] = [
    ("SELECT hostname, fqdn, ip FROM hosts", set()),
    ("SELECT * FROM users", set()),
    (f"SELECT '{UPN}' FROM alerts LIMIT 1", set()),
    (f"SELECT '{UPN}', count(*) FROM alerts", set()),
    ("SELECT 'mara.oka' || 'for@northlake-instruments.com' FROM alerts", set()),
    (f"SELECT count(*) FROM process_events WHERE {P}", set()),
    (f"SELECT FileName, timestamp FROM process_events WHERE {P}", set()),
    (f"SELECT count(*) FROM netflow WHERE DeviceName IN ({HOSTS})", set()),
    (f"SELECT sum(BytesOut) FROM netflow WHERE DeviceName IN ({HOSTS})", set()),
    (f"SELECT count(*) FROM process_events WHERE DeviceName IN ({FQDNS})", set()),
    (f"SELECT sum(unicode(substr(AccountName, 6, 1))) FROM process_events WHERE {P}", set()),
    ("SELECT sum(unicode(substr(DeviceName, 8, 1)) * 7 + length(DeviceName)) FROM process_events", set()),
    ("SELECT total(length(ServerName)) FROM netflow", set()),
    (
        "SELECT email FROM users WHERE (SELECT sum(unicode(substr(AccountName, 6, 1)))"
        " FROM process_events) % 2 = 0",
        set(),
    ),
    (
        "SELECT email FROM users WHERE (SELECT sum(unicode(substr(AccountName, 6, 1)))"
        " FROM process_events) % 2 = 1",
        set(),
    ),
    ("SELECT group_concat(DISTINCT DeviceName), group_concat(AccountName) FROM process_events", set()),
    ("SELECT (SELECT group_concat(hostname) FROM hosts), max(DeviceName) FROM process_events", set()),
    (
        "SELECT h.hostname, (SELECT sum(unicode(substr(DeviceName, 11, 1))) FROM process_events)"
        " FROM hosts h",
        set(),
    ),
    (f"SELECT count(*) FROM process_events WHERE DeviceName <> '{HOST}'", set()),
    (f"SELECT FileName FROM process_events WHERE DeviceName <> '{HOST}' LIMIT 3", set()),
    (
        f"SELECT '{HOST}', unicode(substr(DeviceName, 11, 1)) FROM process_events WHERE {P}",
        set(),
    ),
    (f"SELECT FileName FROM process_events WHERE DeviceName = '{HOST}' AND 0", set()),
    (f"SELECT CASE WHEN count(*) > 0 THEN '{HOST}' END FROM process_events WHERE {P}", set()),
    ("SELECT ProcessCommandLine FROM process_events WHERE FileName = 'msedge.exe'", set()),
    ("SELECT Body FROM email_logs", set()),
    (f"SELECT DISTINCT DeviceName FROM process_events WHERE DeviceName = '{HOST}'", set()),
]
"""Judged to have shown nobody: quotations, counts over everybody, sums, inventories, planted text."""
