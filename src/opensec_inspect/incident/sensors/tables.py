"""The evidence tables: columns, who can write each of them, and the source of each row.

Writer classes, from trusted to untrusted:

- `S` sensor or platform.
- `O` chosen by the actor, witnessed by the sensor as the object of a completed act.
- `W` workflow engine: numbers, states, times, who wrote a line.
- `D` desk staff.
- `U` an authenticated user: false when the account was taken.
- `X` chosen by whoever runs code or connects: command lines, user agents, names of files, rules and tasks.
- `M` anybody by mail or web form.
"""

from typing import Literal, get_args

from opensec_inspect.frozen import Frozen

Writer = Literal["S", "O", "W", "D", "U", "X", "M"]
WRITERS: tuple[Writer, ...] = get_args(Writer)
GATING: frozenset[Writer] = frozenset({"S", "O", "W", "D"})
"""Classes that prove what they say; `U` joins them for an account that the attacker did not hold."""
TrustTier = Literal["untrusted", "corroborated", "verified"]
Source = Literal[
    "mail-gateway",
    "inbound-mail",
    "identity-telemetry",
    "network-telemetry",
    "endpoint-telemetry",
    "cloud-telemetry",
    "service-desk",
    "change-management",
    "web-form",
    "identity-desk",
    "registers",
    "detection-rules",
]
TRUST_OF: dict[Source, TrustTier] = {
    "mail-gateway": "verified",
    "inbound-mail": "untrusted",
    "identity-telemetry": "verified",
    "network-telemetry": "verified",
    "endpoint-telemetry": "verified",
    "cloud-telemetry": "verified",
    "service-desk": "verified",
    "change-management": "verified",
    "web-form": "untrusted",
    "identity-desk": "verified",
    "registers": "verified",
    "detection-rules": "corroborated",
}
"""What a source is worth as a whole; the data dictionary says who writes which column."""


class Column(Frozen):
    """A column of an evidence table."""

    name: str
    writer: Writer
    about: str
    """One clause, for the data dictionary."""


class Table(Frozen):
    """An evidence table."""

    name: str
    about: str
    id_prefix: str
    """Of row ids, for example `em`."""
    columns: tuple[Column, ...]
    """Own columns; every table has its id and `timestamp` before them, `trust_tier` and `source` after."""

    @property
    def id_column(self) -> str:
        """Name of the id column, for example `email_id`."""
        return ID_COLUMN[self.name]

    @property
    def all_columns(self) -> tuple[str, ...]:
        """Column names in order, as a defender sees them."""
        return (self.id_column, "timestamp", *(c.name for c in self.columns), "trust_tier", "source")


ID_COLUMN = {
    "email_logs": "email_id",
    "auth_logs": "auth_id",
    "netflow": "flow_id",
    "process_events": "event_id",
    "file_events": "file_event_id",
    "cloud_audit": "audit_id",
    "tickets": "entry_id",
    "identity_checks": "check_id",
    "registers": "register_id",
    "alerts": "alert_id",
}


def _columns(*lines: str) -> tuple[Column, ...]:
    split = (line.split(" ", 2) for line in lines)
    return tuple(
        Column.model_validate(dict(zip(("name", "writer", "about"), parts, strict=True))) for parts in split
    )


EMAIL_LOGS = Table(
    name="email_logs",
    id_prefix="em",
    about="mail flow, and clicks on links in mails",
    columns=_columns(
        "EventType S Delivered, Sent, Forwarded, UrlClick or PostDelivery",
        "NetworkMessageId S GUID of the message; clicks carry that of their mail",
        "SenderFromAddress M address the mail claims to come from",
        "SenderDisplayName M name the mail claims",
        "SenderIPv4 S address of the sending server",
        "RecipientEmailAddress S mailbox",
        "Subject M subject",
        "Body M text",
        "Urls M links in the text, space-separated",
        "AttachmentNames M file names, space-separated",
        "EmailDirection S Inbound, Outbound or Intra-org",
        "Connector S connector it came through",
        "AuthenticationDetails S SPF, DKIM and DMARC results",
        "ThreatTypes S what the filter said: Phish, Spam, Malware or empty",
        "DeliveryAction S Delivered, Junked, Blocked",
        "DeliveryLocation S Inbox, Junk, Quarantine, External",
        "ForwardedBy S mailbox whose rule forwarded it",
        "ClickedUrl O link that was followed",
        "ClickAction S ClickAllowed or ClickBlocked",
        "ClickDevice S managed device of the click",
    ),
)
AUTH_LOGS = Table(
    name="auth_logs",
    id_prefix="au",
    about="cloud sign-ins and log-ons to machines",
    columns=_columns(
        "EventType S SigninInteractive, SigninNonInteractive, LogonSuccess or LogonFailed",
        "UserPrincipalName S account signed in to",
        "AccountName S DOMAIN\\account for log-ons to machines",
        "AccountSid S Windows security id",
        "AppDisplayName S cloud application",
        "DeviceName S machine logged on to, or the managed device of a sign-in",
        "DeviceId S id of the device the platform recognised",
        "IsCompliant S whether that device is managed and compliant",
        "IPAddress S address it came from",
        "AutonomousSystem S network of that address",
        "Location S country and city of that address",
        "ResultType S platform's result code; 0 is success",
        "ResultDescription S result in words",
        "AuthenticationRequirement S singleFactorAuthentication or multiFactorAuthentication",
        "AuthenticationMethod S how the second factor was met",
        "AuthenticationProtocol S none, deviceCode or ropc; Kerberos or NTLM for log-ons",
        "UserAgent X what the client calls itself",
        "SessionId S session; rows of one session share it",
        "RiskLevel S platform's judgement at sign-in",
        "LogonType S Windows log-on type",
        "SourceHost S machine a network log-on came from",
    ),
)
NETFLOW = Table(
    name="netflow",
    id_prefix="fl",
    about="network sensor and web proxy",
    columns=_columns(
        "uid S connection id",
        "DeviceName S machine that opened it",
        "SrcIp S its address",
        "SrcPort S its port",
        "DstIp S address reached",
        "DstPort S port reached",
        "DstHost S machine inside; empty for destinations outside",
        "Protocol S tcp or udp",
        "Service S service as recognised",
        "ServerName O name the client asked for, of an established connection",
        "Method S HTTP method",
        "Uri O path that was requested",
        "UserAgent X what the client calls itself",
        "CertificateSubject X subject of the server's certificate",
        "CertificateIssuer X issuer of the server's certificate",
        "DurationMs S milliseconds",
        "BytesOut S bytes sent",
        "BytesIn S bytes received",
        "ConnState S SF normal, S0 no answer, REJ refused, RSTO reset",
        "ProxyAction S allowed or blocked; empty inside",
    ),
)
PROCESS_EVENTS = Table(
    name="process_events",
    id_prefix="pe",
    about="endpoint sensor: processes, services, tasks",
    columns=_columns(
        "ActionType S ProcessCreated, ServiceInstalled, ScheduledTaskCreated or SensorReport",
        "DeviceId S sensor's id of the machine",
        "DeviceName S machine",
        "AccountName S DOMAIN\\account it runs as",
        "AccountSid S Windows security id",
        "FileName S file that was started",
        "FolderPath S full path",
        "SHA256 S hash of the file",
        "ProcessId S process id",
        "ProcessCommandLine X command line",
        "ObjectName X name of the service or task",
        "Company X company the file claims",
        "Signer S who signed the file; empty when unsigned",
        "SignatureStatus S Valid, Invalid or Unsigned",
        "DevicesSeen S devices of the organisation the file was seen on in 30 days",
        "InitiatingProcessFileName S parent",
        "InitiatingProcessFolderPath S parent's full path",
        "InitiatingProcessCommandLine X parent's command line",
        "InitiatingProcessId S parent's process id",
        "IntegrityLevel S Low, Medium, High or System",
    ),
)
FILE_EVENTS = Table(
    name="file_events",
    id_prefix="fe",
    about="files read, written, copied, on machines and shares",
    columns=_columns(
        "ActionType S FileCreated, FileRead, FileCopied, FileRenamed, FileDeleted or ShareAccessed",
        "DeviceName S machine the file lies on",
        "AccountName S DOMAIN\\account",
        "SourceHost S machine it was reached from",
        "SourceIp S address of that machine",
        "ShareName S share",
        "FolderPath O folder",
        "FileName X name of the file",
        "FileSize S bytes in all",
        "FileCount S files touched",
        "InitiatingProcessFileName S process",
        "FileOriginUrl X where a download says it came from",
    ),
)
CLOUD_AUDIT = Table(
    name="cloud_audit",
    id_prefix="ca",
    about="mail, files and directory of the cloud tenant",
    columns=_columns(
        "Operation S operation",
        "Workload S Exchange, SharePoint, OneDrive or AzureActiveDirectory",
        "UserId S account that did it",
        "ClientIP S address it came from",
        "SessionId S session of the sign-in",
        "AppDisplayName S application used",
        "ObjectId O mailbox, site, file, application or device acted on",
        "Target O who or where it goes to, for example an address mail is forwarded to",
        "Label X name the actor chose: of a rule, an authenticator",
        "ItemCount S items in all",
        "ResultStatus S Succeeded or Failed",
        "DeviceName S managed device, where known",
        "UserAgent X what the client calls itself",
    ),
)
TICKETS = Table(
    name="tickets",
    id_prefix="tk",
    about="changes, incidents, requests and approvals, a row per entry",
    columns=_columns(
        "Number W number of the ticket",
        "RecordType W change_request, incident, interaction, request, approval or task",
        "State W state after this entry",
        "ChangeType W standard, normal or emergency",
        "WrittenBy W account that wrote this entry, or an address outside",
        "WrittenFrom W address it was written from",
        "SessionId W cloud session it was written in",
        "ContactType W phone, email, chat, self-service, web-form or walk-in",
        "RequestedFor U person it is for",
        "AssignedTo W person who works on it",
        "AssignmentGroup W group",
        "ConfigurationItem U machine, application or domain it is about",
        "Scope U what it covers",
        "StartsAt U beginning of the window",
        "EndsAt U end of the window",
        "Summary U one line",
        "Description U text; of web-form and email entries anybody's",
        "Comment U comment; of web-form and email entries anybody's",
        "WorkNote D note of the desk",
        "Approver W person asked to approve",
        "Approval W requested, approved, rejected or withdrawn",
    ),
)
IDENTITY_CHECKS = Table(
    name="identity_checks",
    id_prefix="ic",
    about="the desk's calls to verify something",
    columns=_columns(
        "Number W number of the check",
        "About W ticket, booking or entry it is about",
        "Subject W person who was asked",
        "Method D call_back, video, manager, chat or email",
        "NumberSource D where the phone number came from: personnel_system, ticket or caller",
        "PerformedBy W desk analyst",
        "Answer D confirmed, denied, unreachable or declined",
        "Note D note of the desk",
    ),
)
REGISTERS = Table(
    name="registers",
    id_prefix="rg",
    about="what is allowed to whom: travel, devices held, campaigns, schedules",
    columns=_columns(
        "Register W which register",
        "Number W number of the entry",
        "Party W person or machine it is for",
        "Object W what it allows",
        "Scope W bounds in words",
        "ValidFrom W first day or time",
        "ValidUntil W last day or time",
        "EnteredBy W account that entered it",
        "Status W active, closed, withdrawn or expired",
        "Note U note of whoever entered it",
    ),
)
ALERTS = Table(
    name="alerts",
    id_prefix="al",
    about="what the detection rules raised",
    columns=_columns(
        "RuleName S rule",
        "RuleId S id of the rule",
        "Severity S informational, low, medium or high",
        "Description S what the rule looks for",
        "Tactic S ATT&CK tactic",
        "Technique S ATT&CK technique id",
        "Account S account concerned",
        "DeviceName S machine concerned",
        "Address S address concerned",
        "Detail X cell of the row that made it fire",
        "EvidenceTable S table of the row that made it fire",
        "EvidenceId S id of that row",
        "Status W New, or how an earlier one was closed",
    ),
)
TABLES: tuple[Table, ...] = (
    EMAIL_LOGS,
    AUTH_LOGS,
    NETFLOW,
    PROCESS_EVENTS,
    FILE_EVENTS,
    CLOUD_AUDIT,
    TICKETS,
    IDENTITY_CHECKS,
    REGISTERS,
    ALERTS,
)
TABLE: dict[str, Table] = {table.name: table for table in TABLES}
CONTEXT: dict[str, tuple[str, ...]] = {
    "hosts": (
        "host_id",
        "hostname",
        "fqdn",
        "ip",
        "role",
        "owner",
        "shared",
        "os_build",
        "serial",
        "asset_tag",
        "enrolled_at",
        "device_id",
    ),
    "users": (
        "user_id",
        "name",
        "email",
        "account",
        "sid",
        "object_id",
        "department",
        "title",
        "office",
        "phone",
        "manager",
    ),
    "data_assets": ("asset_id", "path", "host", "owner", "classification"),
    "domains": ("domain", "addresses", "registered_on", "registrar", "category"),
    "software": ("file_name", "company", "sha256", "signer", "devices_seen"),
    "data_dictionary": ("table_name", "column_name", "writer", "about"),
}
"""Inventories: context, never evidence."""
